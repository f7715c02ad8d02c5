import type { CodexError } from "../errors.js";
import { createDeferred } from "../internal/deferred.js";
import type { NotificationMessage } from "../rpc/message.js";

/** Where one login attempt's completion is kept for as many as ask for it, as often as they ask. */
export class LoginRoute {
  readonly id: string;
  readonly #completion = createDeferred<NotificationMessage>();

  constructor(id: string) {
    this.id = id;
  }

  /** The attempt's `account/login/completed`; rejects when the connection ends before it. */
  get completion(): Promise<NotificationMessage> {
    return this.#completion.promise;
  }

  deliver(message: NotificationMessage): void {
    this.#completion.resolve(message);
  }

  fail(reason: CodexError): void {
    this.#completion.reject(reason);
  }
}
