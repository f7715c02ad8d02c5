import { ThreadBusyError } from "../errors.js";
import { createDeferred, type Deferred } from "../internal/deferred.js";
import type { NotificationMessage } from "../rpc/message.js";
import { statusTypeOf, threadIdOf, turnIdOf } from "./routingKeys.js";

/** A thread's place for its one active turn, taken before the turn's start is sent. */
export interface TurnReservation {
  /** The start was answered: the place is the turn's until it ends. */
  assign(turnId: string): void;
  /** The start came to nothing. */
  release(): void;
}

/** A thread's place for all the turns of a goal, which the runtime starts by itself. */
export interface GoalReservation {
  /** The goal's current turn. */
  assign(turnId: string): void;
  /** The goal needs the place no more; a turn of it that still runs has it until its end. */
  release(runningTurnId?: string): void;
}

/** What a thread is busy with. */
export interface ThreadOccupant {
  /** `null` while the start is unanswered. */
  readonly turnId: string | null;
  /** Whether the turn is one of a goal, whose place outlives it. */
  readonly isGoal: boolean;
}

interface Occupant extends ThreadOccupant {
  /** `null` while the start is unanswered. */
  turnId: string | null;
  /** Whether the runtime has said so; a status from before the start must not free the place. */
  isRunning: boolean;
  /** Settles when the turn has its id, or the place is free again. */
  readonly named: Deferred<void>;
  /** Runs while the thread is at rest and its turn's completion is still to come. */
  restTimer: NodeJS.Timeout | undefined;
}

/** How long a thread at rest may keep its turn's `turn/completed` back before that counts as lost. */
const LOST_COMPLETION_MS = 1000;

const THREAD_ENDS: ReadonlySet<string> = new Set([
  "thread/closed",
  "thread/archived",
  "thread/deleted",
]);

/** Knows which turn each thread is busy with, its own client's or another's, and who waits for the place. */
export class ThreadActivity {
  readonly #occupants = new Map<string, Occupant>();
  readonly #waiting = new Map<string, Deferred<TurnReservation>[]>();

  /** What the thread is busy with; `undefined` when it is free. */
  occupantOf(threadId: string): ThreadOccupant | undefined {
    return this.#occupants.get(threadId);
  }

  /** The error for whoever may not use the thread, because of what it is busy with. */
  busyError(threadId: string): ThreadBusyError {
    const { turnId = null, isGoal = false } = this.#occupants.get(threadId) ?? {};
    return new ThreadBusyError(threadId, turnId, isGoal);
  }

  /** Takes the thread's place; `undefined` when it is taken. */
  reserve(threadId: string): TurnReservation | undefined {
    return this.#occupants.has(threadId) ? undefined : this.#occupy(threadId);
  }

  /** Takes the thread's place for a goal, until its release; `undefined` when it is taken. */
  reserveForGoal(threadId: string): GoalReservation | undefined {
    if (this.#occupants.has(threadId)) return undefined;
    const { occupant, assign, release } = this.#occupy(threadId, true);
    return {
      assign,
      release: (runningTurnId) => {
        if (runningTurnId === undefined) release();
        else if (this.#occupants.get(threadId) === occupant) {
          this.#occupants.set(threadId, toRunning(runningTurnId));
        }
      },
    };
  }

  /** Waits in order for the thread's place. `leave` gives up, and passes on a place that came too late. */
  enqueue(threadId: string): { readonly place: Promise<TurnReservation>; leave(): void } {
    const waiter = createDeferred<TurnReservation>();
    const queue = this.#waiting.get(threadId) ?? [];
    queue.push(waiter);
    this.#waiting.set(threadId, queue);
    return {
      place: waiter.promise,
      leave: () => {
        const index = queue.indexOf(waiter);
        if (index >= 0) queue.splice(index, 1);
        else void waiter.promise.then((reservation) => reservation.release()).catch(() => {});
      },
    };
  }

  /** A turn was found running, started by nobody here. */
  noteRunning(threadId: string, turnId: string): void {
    if (!this.#occupants.has(threadId)) this.#occupants.set(threadId, toRunning(turnId));
  }

  /** The turn that the thread is busy with, once it has an id; `undefined` when the thread is free. */
  async activeTurnId(threadId: string): Promise<string | undefined> {
    await this.#occupants.get(threadId)?.named.promise;
    return this.#occupants.get(threadId)?.turnId ?? undefined;
  }

  /** The runtime says that this turn is active no more. */
  noteEnded(threadId: string, turnId: string): void {
    this.#vacate(threadId, turnId);
  }

  observe({ method, params }: NotificationMessage): void {
    const threadId = threadIdOf(params);
    if (threadId === undefined) return;
    const turnId = turnIdOf(params);
    if (method === "turn/started" && turnId !== undefined) this.#noteStarted(threadId, turnId);
    else if (method === "turn/completed") this.#vacate(threadId, turnId);
    else if (THREAD_ENDS.has(method)) this.#vacate(threadId, undefined);
    else if (method === "thread/status/changed") {
      this.#noteStatus(threadId, isRestingStatus(statusTypeOf(params)));
    }
  }

  /** The connection has ended: nobody gets a place any more, and each who waits hears why. */
  fail(toReason: (threadId: string) => Error): void {
    for (const occupant of this.#occupants.values()) {
      clearTimeout(occupant.restTimer);
      occupant.named.resolve();
    }
    this.#occupants.clear();
    for (const [threadId, queue] of this.#waiting) {
      for (const waiter of queue.splice(0)) waiter.reject(toReason(threadId));
    }
    this.#waiting.clear();
  }

  #noteStarted(threadId: string, turnId: string): void {
    const occupant = this.#occupants.get(threadId);
    if (occupant === undefined) this.noteRunning(threadId, turnId);
    else occupant.isRunning = true;
  }

  /**
   * A thread comes to rest a moment before its `turn/completed`, and a start in between would join the
   * turn that ends. Yet a turn whose completion is lost must not keep its thread busy for ever.
   */
  #noteStatus(threadId: string, isResting: boolean): void {
    const occupant = this.#occupants.get(threadId);
    if (occupant?.isRunning !== true) return;
    clearTimeout(occupant.restTimer);
    if (!isResting) return;
    const vacate = () => {
      if (this.#occupants.get(threadId) === occupant) this.#vacate(threadId, undefined);
    };
    occupant.restTimer = setTimeout(vacate, LOST_COMPLETION_MS).unref();
  }

  #occupy(threadId: string, isGoal = false): TurnReservation & { readonly occupant: Occupant } {
    const occupant: Occupant = {
      turnId: null,
      isGoal,
      isRunning: false,
      named: createDeferred(),
      restTimer: undefined,
    };
    this.#occupants.set(threadId, occupant);
    return {
      occupant,
      assign: (turnId) => {
        occupant.turnId = turnId;
        occupant.named.resolve();
      },
      release: () => {
        if (this.#occupants.get(threadId) === occupant) this.#free(threadId, occupant);
      },
    };
  }

  #vacate(threadId: string, turnId: string | undefined): void {
    const occupant = this.#occupants.get(threadId);
    if (occupant === undefined || occupant.isGoal || occupant.turnId === null) return;
    if (turnId === undefined || occupant.turnId === turnId) this.#free(threadId, occupant);
  }

  #free(threadId: string, occupant: Occupant): void {
    clearTimeout(occupant.restTimer);
    occupant.named.resolve();
    this.#occupants.delete(threadId);
    const queue = this.#waiting.get(threadId);
    const next = queue?.shift();
    if (queue?.length === 0) this.#waiting.delete(threadId);
    next?.resolve(this.#occupy(threadId));
  }
}

function toRunning(turnId: string): Occupant {
  const named = createDeferred<void>();
  named.resolve();
  return { turnId, isGoal: false, isRunning: true, named, restTimer: undefined };
}

function isRestingStatus(status: string | undefined): boolean {
  return status === "idle" || status === "systemError" || status === "notLoaded";
}
