import type { CodexError } from "../errors.js";
import { nextTick, queueMicrotask, setImmediate } from "../internal/timers.js";
import type { IncomingMessage, NotificationMessage } from "./message.js";

/** An incoming message, or the end of the connection behind the last one. */
export type Inbound = IncomingMessage | { readonly kind: "closed"; readonly reason: CodexError };

/**
 * Effect of a handled message: `delivered` when values were only put into readers' queues, which all
 * wake alike; `settled` when a promise may have been settled, whose waiters wake later.
 */
export type Handled = "delivered" | "settled";

/**
 * Hands incoming messages on in wire order, such that their waiters run in that order, too. A waiter
 * runs some microtasks after the message that woke it, and how many differs from waiter to waiter.
 * So all pending microtasks run between two messages that wake different kinds of waiters, and before one
 * for which the application is called in the tick of its handling; before a server request, whose handler
 * may look at anything, a whole macrotask passes. Notifications that are
 * only delivered follow one another at once. Waits only for the event loop, so it never grows beyond
 * what one read brought.
 */
export class InboundQueue {
  readonly #handle: (inbound: Inbound) => Handled;
  readonly #callsAtOnce: (message: NotificationMessage) => boolean;
  #waiting: Inbound[] = [];
  #last: Handled | undefined;
  #isPaused = false;

  /** `handle` must not throw. `callsAtOnce` selects the notifications for which the application is called. */
  constructor(
    handle: (inbound: Inbound) => Handled,
    callsAtOnce: (message: NotificationMessage) => boolean = () => false,
  ) {
    this.#handle = handle;
    this.#callsAtOnce = callsAtOnce;
  }

  /** Number of messages that wait for the event loop. */
  get size(): number {
    return this.#waiting.length;
  }

  push(inbound: Inbound): void {
    if (!this.#isPaused && this.#mayFollow(inbound)) {
      this.#last = this.#handle(inbound);
      return;
    }
    this.#waiting.push(inbound);
    if (!this.#isPaused) this.#pauseBefore(inbound);
  }

  #mayFollow(inbound: Inbound): boolean {
    const { kind } = inbound;
    if (kind === "request") return false;
    // Nothing comes behind it.
    if (kind === "closed" || this.#last === undefined) return true;
    if (this.#last !== "delivered" || kind !== "notification") return false;
    return !this.#callsAtOnce(inbound.message);
  }

  #pauseBefore({ kind }: Inbound): void {
    this.#isPaused = true;
    if (kind === "request") setImmediate(() => this.#resume());
    // A tick that a microtask schedules runs once no microtask is left.
    else queueMicrotask(() => nextTick(() => this.#resume()));
  }

  /** Handles the message that was waited for, and those behind it that may follow. */
  #resume(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#last = undefined;
    let index = 0;
    // A handler may receive more messages in the same call; they wait behind these.
    for (const inbound of waiting) {
      if (index > 0 && !this.#mayFollow(inbound)) break;
      this.#last = this.#handle(inbound);
      index += 1;
    }
    this.#waiting = [...waiting.slice(index), ...this.#waiting];
    const [next] = this.#waiting;
    if (next === undefined) this.#isPaused = false;
    else this.#pauseBefore(next);
  }
}
