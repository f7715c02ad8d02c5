import { captureContext } from "../internal/asyncContext.js";
import { createDeferred } from "../internal/deferred.js";
import type { TurnSlot } from "./threadQueue.js";
import type { TurnRoute } from "./turnRoute.js";

/** The router's side of a pending turn. */
export interface PendingTurnRouting {
  /** Returns the route of a turn; `onRoute` gets it before the early notifications are delivered. */
  follow(threadId: string, turnId: string, onRoute: (route: TurnRoute) => void): TurnRoute;
  /** Lets go of the early notifications that nobody claimed. */
  close(): void;
  /** Notes that the turn runs on another thread than it was started on. */
  moveTo(threadId: string, turnId: string): void;
}

/**
 * A turn whose start request is in flight: holds the thread's slot and its early notifications. Every
 * method that starts a turn uses one.
 */
export class PendingTurn {
  readonly #slot: TurnSlot;
  readonly #routing: PendingTurnRouting;
  readonly #failed = createDeferred<never>();
  readonly #inCallerContext = captureContext();
  /** Called in the tick in which the turn is claimed, before its early notifications are delivered. */
  onClaimed: (route: TurnRoute) => void = () => {};
  #route: TurnRoute | undefined;
  #isSettled = false;
  #hasLeft = false;

  constructor(slot: TurnSlot, routing: PendingTurnRouting) {
    this.#slot = slot;
    this.#routing = routing;
  }

  /** The thread on which the turn was started. */
  get threadId(): string {
    return this.#slot.threadId;
  }

  /** Rejects when the thread or the connection ends before the turn is claimed. Never resolves. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /**
   * Binds the turn id. Call it in the tick in which the response is read. Does nothing once the wait has
   * ended: nobody would see the end of the turn.
   */
  claim(turnId: string, threadId: string = this.threadId): void {
    if (this.#isSettled) return;
    if (threadId === this.threadId) this.#slot.assign(turnId);
    else {
      this.#slot.release();
      this.#routing.moveTo(threadId, turnId);
    }
    this.#route = this.#routing.follow(threadId, turnId, (route) => {
      route.startedIn(this.#inCallerContext);
      this.onClaimed(route);
    });
    this.settle();
  }

  /** True if the caller waits for the turn. */
  get isAwaited(): boolean {
    return !this.#hasLeft;
  }

  /** Notes that the caller has left: the turn is stopped once it is known, and the next start waits for that. */
  leave(): void {
    this.#hasLeft = true;
    this.#slot.markStopping();
  }

  /** Ends the wait for the turn, because its thread or the connection has ended. */
  fail(error: Error): void {
    this.#failed.reject(error);
    this.settle();
  }

  /** Frees the slot unless a turn that runs has claimed it. Idempotent. */
  settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#routing.close();
    if (this.#route === undefined || this.#route.end !== undefined) this.#slot.release();
  }
}
