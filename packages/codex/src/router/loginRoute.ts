import type { CodexError } from "../errors.js";
import type { NotificationMessage } from "../rpc/message.js";

/** End of a login attempt: its `account/login/completed`, or the end of the connection before it. */
export type LoginEnd =
  | { readonly kind: "completed"; readonly message: NotificationMessage }
  | { readonly kind: "failed"; readonly error: CodexError };

/** Keeps the completion of one login attempt for any number of waiters. */
export class LoginRoute {
  readonly id: string;
  readonly #listeners = new Set<(end: LoginEnd) => void>();
  #end: LoginEnd | undefined;

  constructor(id: string) {
    this.id = id;
  }

  /** Calls `listener` in the tick of the end, at once if it has come; returns a function that removes it. */
  onEnd(listener: (end: LoginEnd) => void): () => void {
    if (this.#end === undefined) this.#listeners.add(listener);
    else listener(this.#end);
    return () => this.#listeners.delete(listener);
  }

  deliver(message: NotificationMessage): void {
    this.#finish({ kind: "completed", message });
  }

  fail(error: CodexError): void {
    this.#finish({ kind: "failed", error });
  }

  #finish(end: LoginEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(end);
  }
}
