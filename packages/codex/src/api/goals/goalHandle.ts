import type { ServerNotification, ThreadGoal } from "@openai/codex-types";

import type { TurnResult } from "../../errors/turnResult.js";
import type { TurnRoute } from "../../router/turnRoute.js";
import { type RequestOptions, toRequestOptions } from "../../rpc/requestOptions.js";
import { type RunInput, toWireInput } from "../input.js";
import { namesSkills, type SkillFolder, withKnownSkills } from "../knownSkills.js";
import { prepareOutput } from "../output/outputSchema.js";
import { checkRequestOptions } from "../readOptions.js";
import { type TimeLimit, waitWithin } from "../timeLimit.js";
import { TurnHandle, type TurnKeeping } from "../turns/turnHandle.js";
import type { GoalRun, StartedGoal } from "./goalRun.js";
import { steerGoal } from "./steerGoal.js";

/**
 * Result of a goal, merged from all of its turns: `status` is that of the last one; `startedAt`,
 * `completedAt`, `items` and `turnUsage` are those of all.
 */
export type GoalResult = TurnResult & {
  /** The goal as last reported: complete, blocked, paused or out of budget. `null` when it was cleared. */
  readonly goal: ThreadGoal | null;
};

/** Options of a goal's handle. */
export interface GoalHandleOptions {
  /** Folder of the skills of the goal's turns. */
  readonly skillFolder: SkillFolder;
  /** Signal and time limit of the goal, which the handle ends. */
  readonly limit: TimeLimit;
  readonly idleTimeoutMs?: number | undefined;
  /** Store of the goal's thread; `undefined` without one. */
  readonly keeping: TurnKeeping | undefined;
}

/**
 * Handle of a goal that the runtime works on, turn after turn, merged into one turn with the id of the
 * first. Made by `Thread.startGoal`. `stream()` and `result` are independent of each other.
 */
export class GoalHandle {
  readonly #run: GoalRun;
  readonly #route: TurnRoute;
  readonly #turn: TurnHandle;
  readonly #skillFolder: SkillFolder;
  #result: Promise<GoalResult> | undefined;

  /** @internal */
  constructor(run: GoalRun, started: StartedGoal, options: GoalHandleOptions) {
    const { skillFolder, limit, idleTimeoutMs, keeping } = options;
    this.#run = run;
    this.#skillFolder = skillFolder;
    this.#route = started.route;
    const { runtime } = run;
    const stop = () => {
      // The caller has its reason already; a runtime that is gone has stopped the goal, too.
      void run.stop().catch(() => {});
      run.leave();
    };
    this.#turn = new TurnHandle({
      ...started,
      runtime,
      output: prepareOutput(undefined),
      limit,
      idleTimeoutMs,
      keeping,
      // The goal is stopped as a whole, not its current turn.
      control: { recover: (timeoutMs) => run.recover(timeoutMs), stop },
    });
  }

  /** The id of the goal's first turn, which all notifications of its stream have. */
  get id(): string {
    return this.#route.id;
  }

  /** The id of the thread that the goal belongs to. */
  get threadId(): string {
    return this.#route.threadId;
  }

  /** The goal as last reported; `null` when it was cleared. */
  get goal(): ThreadGoal | null {
    return this.#run.goal;
  }

  /**
   * Result of the goal, available beside `stream()`; the same promise as `run()`. A goal that ends
   * blocked, paused or out of budget resolves, too: see `result.goal`. Unused, it causes no unhandled
   * rejection.
   *
   * Rejects with a `TurnFailedError` when one of the goal's turns fails; otherwise as `TurnHandle.result`.
   */
  get result(): Promise<GoalResult> {
    if (this.#result === undefined) {
      this.#result = this.#turn.result.then((result) => ({ ...result, goal: this.goal }));
      this.#result.catch(() => {});
    }
    return this.#result;
  }

  /**
   * Iterates over the notifications of all turns of the goal, in order, as one turn's: with one
   * `turn/started`, ending after one `turn/completed`. Leaving the loop early frees what is not read
   * and, unless `result` is waited for, the thread for other turns; the goal itself continues on the
   * runtime, see `interrupt`.
   *
   * @throws TurnAlreadyConsumedError on the second call; otherwise as `TurnHandle.stream`.
   */
  stream(): AsyncIterableIterator<ServerNotification> {
    const events = this.#turn.stream();
    const run = this.#run;
    return {
      next: () => events.next(),
      return: () => {
        if (this.#result === undefined) run.leave();
        return events.return?.() ?? Promise.resolve({ value: undefined, done: true });
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Waits for the goal's end and returns its result: the same promise as `result`. */
  run(): Promise<GoalResult> {
    return this.result;
  }

  /**
   * Adds input to the goal's current turn (`turn/steer`), or between two turns to the next one.
   *
   * @throws InvalidRequestError when the goal has ended; InvalidOptionError before anything is sent.
   */
  async steer(input: RunInput, options?: RequestOptions): Promise<void> {
    const { runtime } = this.#run;
    const wireInput = toWireInput(input, { isLocal: runtime.connector.isLocal });
    checkRequestOptions("steer", options);
    return waitWithin("turn/steer", toRequestOptions(options), async (signal) => {
      const items = namesSkills(wireInput)
        ? await withKnownSkills(runtime, wireInput, this.#skillFolder, signal)
        : wireInput;
      await steerGoal(this.#run, items, this.id, signal);
    });
  }

  /**
   * Pauses the goal (`thread/goal/set`): its current turn continues to its end, and no further one
   * starts. The handle's result has `goal.status` `paused` then; `Thread.resumeGoal` continues the goal.
   */
  async pause(options?: RequestOptions): Promise<void> {
    checkRequestOptions("pause", options);
    await waitWithin("thread/goal/set", toRequestOptions(options), () => this.#run.pause());
  }

  /**
   * Pauses the goal (`thread/goal/set`) and interrupts its turn (`turn/interrupt`). Does nothing once
   * the goal has ended. The next turn of the thread may be started at once.
   */
  async interrupt(options?: RequestOptions): Promise<void> {
    checkRequestOptions("interrupt", options);
    return waitWithin("turn/interrupt", toRequestOptions(options), () => this.#run.stop());
  }
}
