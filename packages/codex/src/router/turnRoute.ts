import { type CodexError, TurnAlreadyConsumedError } from "../errors.js";
import { AsyncQueue } from "../internal/asyncQueue.js";
import { createDeferred } from "../internal/deferred.js";
import type { NotificationMessage } from "../rpc/message.js";
import { BACKLOG_MERGE_THRESHOLD, mergeTextDeltas } from "./backlog.js";
import { turnIdOf } from "./routingKeys.js";

/** Where one turn's notifications are kept until its one consumer reads them. */
export class TurnRoute {
  readonly threadId: string;
  readonly id: string;
  readonly #events = new AsyncQueue<NotificationMessage>({
    mergeAbove: BACKLOG_MERGE_THRESHOLD,
    merge: mergeTextDeltas,
  });
  #isConsumed = false;
  readonly #onOver = new Set<() => void>();
  #interruptId: string;
  #isOver = false;
  readonly #interruptible = createDeferred<void>();
  readonly #over = createDeferred<void>();

  constructor(threadId: string, id: string) {
    this.threadId = threadId;
    this.id = id;
    this.#interruptId = id;
  }

  /** The id that the runtime wants in `turn/interrupt`: a review runs under another one. */
  get interruptId(): string {
    return this.#interruptId;
  }

  /** Whether the turn has ended, or can no longer be followed. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves once the runtime takes an interrupt: after `turn/started`, or the end. */
  get interruptible(): Promise<void> {
    return this.#interruptible.promise;
  }

  /** Resolves once the turn is over. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** Whether the turn has, or had, its consumer. */
  get isConsumed(): boolean {
    return this.#isConsumed;
  }

  /**
   * The turn's events, for its one consumer: they end after `turn/completed`, and fail when the
   * connection ends before it. Throws a `TurnAlreadyConsumedError` on the second call.
   */
  consume(): AsyncQueue<NotificationMessage> {
    if (this.#isConsumed) throw new TurnAlreadyConsumedError(this.id);
    this.#isConsumed = true;
    return this.#events;
  }

  /** Drops what was not read, and keeps nothing from now on; the route itself lives until the end. */
  discard(): void {
    this.#isConsumed = true;
    void this.#events.return();
  }

  /** The consumer gets `reason` next, in place of what it has not read. */
  abort(reason: unknown): void {
    this.#events.abort(reason);
  }

  /** Calls `listener` in the tick in which the turn gets over; returns how to stop listening. */
  onOver(listener: () => void): () => void {
    if (this.#isOver) listener();
    else this.#onOver.add(listener);
    return () => this.#onOver.delete(listener);
  }

  deliver(message: NotificationMessage): void {
    if (message.method === "turn/started") {
      this.#interruptId = turnIdOf(message.params) ?? this.#interruptId;
      this.#interruptible.resolve();
    }
    this.#events.push(message);
    if (message.method === "turn/completed") {
      this.#events.end();
      this.#markOver();
    }
  }

  /** The turn was already running when it was first seen. */
  markInterruptible(): void {
    this.#interruptible.resolve();
  }

  fail(reason: CodexError): void {
    this.#events.fail(reason);
    this.#markOver();
  }

  /** The turn's events end here, without a `turn/completed`. */
  cutOff(): void {
    this.#events.end();
    this.#markOver();
  }

  #markOver(): void {
    this.#isOver = true;
    this.#interruptible.resolve();
    this.#over.resolve();
    for (const listener of this.#onOver) listener();
    this.#onOver.clear();
  }
}
