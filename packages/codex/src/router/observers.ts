import type { NotificationMessage } from "../rpc/message.js";

/** Function that a notification is passed to. */
export type NotificationListener = (message: NotificationMessage) => void;

/**
 * Listeners of notifications beside the one owner of each. They are kept by method: most notifications
 * are text deltas, which nearly no listener wants.
 */
export class Observers {
  readonly #byMethod = new Map<string, Set<NotificationListener>>();
  readonly #ofAll = new Set<NotificationListener>();

  /** Number of listeners of every notification. */
  get sizeOfAll(): number {
    return this.#ofAll.size;
  }

  /** Returns whether a method has listeners of its own. */
  has(method: string): boolean {
    return this.#byMethod.has(method);
  }

  /** Calls `listener` with every notification of these methods; returns a function that removes it. */
  add(methods: Iterable<string>, listener: NotificationListener): () => void {
    const names = [...methods];
    for (const method of names) {
      const listeners = this.#byMethod.get(method) ?? new Set();
      this.#byMethod.set(method, listeners.add(listener));
    }
    return () => {
      for (const method of names) {
        const listeners = this.#byMethod.get(method);
        if (listeners?.delete(listener) === true && listeners.size === 0) {
          this.#byMethod.delete(method);
        }
      }
    };
  }

  /** Calls `listener` with every notification; returns a function that removes it. */
  addToAll(listener: NotificationListener): () => void {
    this.#ofAll.add(listener);
    return () => this.#ofAll.delete(listener);
  }

  notify(message: NotificationMessage): void {
    const listeners = this.#byMethod.get(message.method);
    if (listeners !== undefined) for (const listener of listeners) listener(message);
    if (this.#ofAll.size > 0) for (const listener of this.#ofAll) listener(message);
  }
}
