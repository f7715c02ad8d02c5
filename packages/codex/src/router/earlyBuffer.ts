import type { NotificationMessage } from "../rpc/message.js";
import { BACKLOG_MERGE_THRESHOLD, mergeTextDeltas, NOTIFICATION_BACKLOG_LIMIT } from "./backlog.js";

interface EarlyMessage {
  readonly scope: string;
  readonly key: string;
  readonly message: NotificationMessage;
}

/**
 * Keeps notifications that may belong to starts whose response is still to come. A start opens one
 * scope (its thread, or all logins) and only messages of an open scope are kept, so that a start
 * without a response holds up nothing else. Beyond the limit the oldest messages are let go.
 */
export class EarlyBuffer {
  readonly #release: (message: NotificationMessage) => void;
  readonly #scopes = new Map<string, number>();
  #messages: EarlyMessage[] = [];

  /** `release` receives, in order, the messages that no start claimed. */
  constructor(release: (message: NotificationMessage) => void) {
    this.#release = release;
  }

  /** Number of messages that are kept. */
  get size(): number {
    return this.#messages.length;
  }

  /** Number of scopes that are open. */
  get openScopes(): number {
    return this.#scopes.size;
  }

  /** Opens a scope for one start; returns a function that closes it. */
  open(scope: string): () => void {
    this.#scopes.set(scope, (this.#scopes.get(scope) ?? 0) + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      const starts = (this.#scopes.get(scope) ?? 1) - 1;
      if (starts > 0) this.#scopes.set(scope, starts);
      else {
        this.#scopes.delete(scope);
        for (const message of this.#take((early) => early.scope === scope)) this.#release(message);
      }
    };
  }

  /** Keeps the message if a start of its scope may claim it; returns whether it did. */
  offer(scope: string, key: string, message: NotificationMessage): boolean {
    if (!this.#scopes.has(scope)) return false;
    const newest = this.#messages.at(-1);
    const merged =
      newest?.key === key && this.#messages.length >= BACKLOG_MERGE_THRESHOLD
        ? mergeTextDeltas(newest.message, message)
        : undefined;
    if (merged === undefined) this.#messages.push({ scope, key, message });
    else this.#messages[this.#messages.length - 1] = { scope, key, message: merged };
    if (this.#messages.length > NOTIFICATION_BACKLOG_LIMIT) {
      // In blocks, as a shift for each message is quadratic.
      const oldest = this.#messages.splice(0, NOTIFICATION_BACKLOG_LIMIT / 2);
      for (const early of oldest) this.#release(early.message);
    }
    return true;
  }

  /** Takes out, in order, the messages with this key. */
  claim(key: string): readonly NotificationMessage[] {
    return this.#take((early) => early.key === key);
  }

  clear(): void {
    this.#messages = [];
    this.#scopes.clear();
  }

  #take(isWanted: (early: EarlyMessage) => boolean): readonly NotificationMessage[] {
    if (this.#messages.length === 0) return [];
    const taken = this.#messages.filter((early) => isWanted(early));
    if (taken.length > 0) this.#messages = this.#messages.filter((early) => !isWanted(early));
    return taken.map(({ message }) => message);
  }
}
