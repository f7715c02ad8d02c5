import { ThreadBusyError } from "../errors.js";
import { raceAbort } from "../internal/abort.js";
import { createDeferred, type Deferred } from "../internal/deferred.js";
import { hostTimers, type Timers } from "../internal/timers.js";
import type { NotificationMessage } from "../rpc/message.js";
import { statusTypeOf, threadIdOf, turnIdOf } from "./routingKeys.js";
import { endsThread, isRestingStatus } from "./threadEvents.js";

/** A thread's slot for its one active turn, or for all turns of a goal. Taken before the start is sent. */
export interface TurnSlot {
  readonly threadId: string;
  /** Names the turn that has the slot; the slot is its own until it ends. */
  assign(turnId: string): void;
  /** Marks the turn as being stopped by this client: the next start waits for its end. */
  markStopping(): void;
  /** Frees the slot. A turn that still runs keeps it until its end. Idempotent. */
  release(runningTurnId?: string): void;
}

/** Occupant of a thread's slot. */
export interface ThreadOccupant {
  /** `null` while the id of the turn is not known. */
  readonly turnId: string | null;
  /** True if the slot is a goal's, which outlives each of its turns. */
  readonly isGoal: boolean;
  /** True if this client started the turn. */
  readonly isOwn: boolean;
}

/** Handling of a start on a thread that has an active turn. */
export interface AcquireOptions {
  /** Waits, in order, until the slot is free. Defaults to `false`: the start fails at once. */
  readonly isQueued?: boolean;
  readonly isGoal?: boolean;
  readonly signal?: AbortSignal | undefined;
}

interface Occupant {
  turnId: string | null;
  readonly isGoal: boolean;
  readonly isOwn: boolean;
  /** True if the runtime has reported the turn; a status from before the start must not free the slot. */
  isRunning: boolean;
  isStopping: boolean;
  /** Settles when the turn is named, or the slot is free again. */
  readonly named: Deferred<void>;
  /** Runs while the thread is at rest and the turn's completion is still to come. */
  restTimer: NodeJS.Timeout | undefined;
}

interface Waiter extends Deferred<TurnSlot> {
  readonly isGoal: boolean;
}

/** Time after which the `turn/completed` of a thread at rest counts as lost, in milliseconds. */
export const LOST_COMPLETION_MS = 1000;

/** Time limit for a start that waits for the end of a turn that this client is stopping, in milliseconds. */
const STOPPING_WAIT_MS = 10_000;

/** Tracks the active turn of each thread (including turns of other clients) and queues waiters. */
export class ThreadQueue {
  readonly #timers: Timers;
  readonly #occupants = new Map<string, Occupant>();
  readonly #waiting = new Map<string, Waiter[]>();

  constructor(timers: Timers = hostTimers) {
    this.#timers = timers;
  }

  /** Occupant of the thread's slot; `undefined` when it is free. */
  occupantOf(threadId: string): ThreadOccupant | undefined {
    return this.#occupants.get(threadId);
  }

  /** Makes the error of a caller that cannot use the thread. */
  busyError(threadId: string): ThreadBusyError {
    const { turnId = null, isGoal = false } = this.#occupants.get(threadId) ?? {};
    return new ThreadBusyError(threadId, turnId, isGoal);
  }

  /** Sizes of the maps, for tests. */
  inspect(): Readonly<Record<string, number>> {
    return { occupiedThreads: this.#occupants.size, threadsWaitedFor: this.#waiting.size };
  }

  /** Takes the thread's slot; `undefined` when it is taken. */
  reserve(threadId: string, isGoal = false): TurnSlot | undefined {
    return this.#occupants.has(threadId) ? undefined : this.#occupy(threadId, isGoal);
  }

  /**
   * Takes the thread's slot, waiting for it where that is asked for, or where this client is stopping
   * the turn that has it.
   *
   * @throws ThreadBusyError, or the signal's reason.
   */
  async acquire(threadId: string, options: AcquireOptions = {}): Promise<TurnSlot> {
    const { isQueued = false, isGoal = false, signal } = options;
    const free = this.reserve(threadId, isGoal);
    if (free !== undefined) return free;
    if (isQueued) return this.#wait(threadId, isGoal, signal);
    if (this.#occupants.get(threadId)?.isStopping !== true) throw this.busyError(threadId);
    const timeout = new AbortController();
    const busy = this.busyError(threadId);
    const timer = this.#timers.setTimeout(() => timeout.abort(busy), STOPPING_WAIT_MS);
    try {
      return await raceAbort(this.#wait(threadId, isGoal, timeout.signal), signal);
    } catch (error) {
      timeout.abort(error);
      throw error;
    } finally {
      this.#timers.clearTimeout(timer);
    }
  }

  /** Notes that a thread is active with a turn that this client did not start, which may not be named yet. */
  noteActive(threadId: string, turnId: string | null): void {
    const occupant = this.#occupants.get(threadId);
    if (occupant === undefined) this.#occupants.set(threadId, toRunning(turnId));
    else if (!occupant.isOwn && occupant.turnId === null && turnId !== null) name(occupant, turnId);
  }

  /** Notes a turn of this client that runs on another thread than it was started on. */
  noteOwn(threadId: string, turnId: string): void {
    this.#occupants.set(threadId, { ...toRunning(turnId), isOwn: true });
  }

  /** Notes that this client is stopping the turn: the next start waits for its end. */
  noteStopping(threadId: string, turnId: string): void {
    const occupant = this.#occupants.get(threadId);
    if (occupant?.turnId === turnId) occupant.isStopping = true;
  }

  /** Notes that the app-server does not have this turn (`undefined`: an unnamed one) as active any longer. */
  noteEnded(threadId: string, turnId: string | undefined): void {
    this.#vacate(threadId, turnId);
  }

  /** Returns the id of the thread's turn, once it is known; `undefined` when the thread is free. */
  async activeTurnId(threadId: string): Promise<string | undefined> {
    await this.#occupants.get(threadId)?.named.promise;
    return this.#occupants.get(threadId)?.turnId ?? undefined;
  }

  observe(message: NotificationMessage): void {
    const { params } = message;
    switch (message.method) {
      case "turn/started": {
        const [threadId, turnId] = [threadIdOf(params), turnIdOf(params)];
        if (threadId !== undefined && turnId !== undefined) this.#noteStarted(threadId, turnId);
        return;
      }
      case "turn/completed": {
        const threadId = threadIdOf(params);
        if (threadId !== undefined) this.#vacate(threadId, turnIdOf(params));
        return;
      }
      case "thread/status/changed": {
        const threadId = threadIdOf(params);
        if (threadId !== undefined) this.#noteStatus(threadId, statusTypeOf(params));
        return;
      }
      default: {
        if (!endsThread(message)) return;
        const threadId = threadIdOf(params);
        const occupant = this.#occupants.get(threadId ?? "");
        // A goal ends by itself, with its error.
        if (threadId !== undefined && occupant?.isGoal === false) this.#free(threadId, occupant);
      }
    }
  }

  /** Ends every wait, because the connection has ended. */
  fail(toReason: (threadId: string) => Error): void {
    for (const occupant of this.#occupants.values()) {
      this.#timers.clearTimeout(occupant.restTimer);
      occupant.named.resolve();
    }
    this.#occupants.clear();
    for (const [threadId, queue] of this.#waiting) {
      for (const waiter of queue.splice(0)) waiter.reject(toReason(threadId));
    }
    this.#waiting.clear();
  }

  #wait(threadId: string, isGoal: boolean, signal: AbortSignal | undefined): Promise<TurnSlot> {
    const waiter: Waiter = { ...createDeferred<TurnSlot>(), isGoal };
    const queue = this.#waiting.get(threadId) ?? [];
    queue.push(waiter);
    this.#waiting.set(threadId, queue);
    return raceAbort(waiter.promise, signal).catch((error: unknown) => {
      const index = queue.indexOf(waiter);
      if (index >= 0) queue.splice(index, 1);
      // The slot was passed on in the same moment: the next waiter gets it.
      else void waiter.promise.then((slot) => slot.release()).catch(() => {});
      if (queue.length === 0 && this.#waiting.get(threadId) === queue) {
        this.#waiting.delete(threadId);
      }
      throw error;
    });
  }

  #noteStarted(threadId: string, turnId: string): void {
    const occupant = this.#occupants.get(threadId);
    if (occupant === undefined) {
      this.noteActive(threadId, turnId);
      return;
    }
    occupant.isRunning = true;
    if (!occupant.isOwn && occupant.turnId === null) name(occupant, turnId);
  }

  /**
   * A thread comes to rest a moment before its `turn/completed`, and a start in between would join the
   * turn that ends. Yet a turn whose completion is lost must not keep its thread busy.
   */
  #noteStatus(threadId: string, status: string | undefined): void {
    const occupant = this.#occupants.get(threadId);
    if (occupant === undefined) {
      if (status === "active") this.noteActive(threadId, null);
      return;
    }
    if (!occupant.isRunning) return;
    this.#timers.clearTimeout(occupant.restTimer);
    if (!isRestingStatus(status) || occupant.isGoal) return;
    occupant.restTimer = this.#timers
      .setTimeout(() => {
        if (this.#occupants.get(threadId) === occupant) this.#free(threadId, occupant);
      }, LOST_COMPLETION_MS)
      .unref();
  }

  #occupy(threadId: string, isGoal: boolean): TurnSlot {
    const occupant: Occupant = {
      turnId: null,
      isGoal,
      isOwn: true,
      isRunning: false,
      isStopping: false,
      named: createDeferred(),
      restTimer: undefined,
    };
    this.#occupants.set(threadId, occupant);
    const isCurrent = () => this.#occupants.get(threadId) === occupant;
    return {
      threadId,
      assign: (turnId) => name(occupant, turnId),
      markStopping: () => {
        occupant.isStopping = true;
      },
      release: (runningTurnId) => {
        if (!isCurrent()) return;
        if (runningTurnId === undefined) this.#free(threadId, occupant);
        else this.#occupants.set(threadId, { ...toRunning(runningTurnId), isOwn: true });
      },
    };
  }

  #vacate(threadId: string, turnId: string | undefined): void {
    const occupant = this.#occupants.get(threadId);
    if (occupant === undefined || occupant.isGoal) return;
    // A turn that is not named yet was started by another client, or has not been answered.
    if (occupant.turnId === null && occupant.isOwn) return;
    if (turnId === undefined || occupant.turnId === null || occupant.turnId === turnId) {
      this.#free(threadId, occupant);
    }
  }

  #free(threadId: string, occupant: Occupant): void {
    this.#timers.clearTimeout(occupant.restTimer);
    occupant.named.resolve();
    this.#occupants.delete(threadId);
    const queue = this.#waiting.get(threadId);
    const next = queue?.shift();
    if (queue?.length === 0) this.#waiting.delete(threadId);
    next?.resolve(this.#occupy(threadId, next.isGoal));
  }
}

function name(occupant: Occupant, turnId: string): void {
  occupant.turnId = turnId;
  occupant.named.resolve();
}

function toRunning(turnId: string | null): Occupant {
  const occupant: Occupant = {
    turnId,
    isGoal: false,
    isOwn: false,
    isRunning: true,
    isStopping: false,
    named: createDeferred(),
    restTimer: undefined,
  };
  if (turnId !== null) occupant.named.resolve();
  return occupant;
}
