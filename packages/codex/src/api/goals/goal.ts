import type { ServerNotification, ThreadGoal } from "@openai/codex-types";

import { TurnAlreadyConsumedError } from "../../errors.js";
import { onAbort } from "../../internal/abort.js";
import type { TurnRoute } from "../../router/turnRoute.js";
import { type RunInput, toWireInput } from "../input.js";
import { prepareOutput } from "../output/outputSchema.js";
import { TurnHandle } from "../turns/turn.js";
import type { TurnResult } from "../turns/turnResult.js";
import type { GoalRun } from "./goalRun.js";
import { steerGoal } from "./steerGoal.js";

/**
 * All that came of a goal, over all of its turns: `status` is that of the last one, `failed` once one
 * has failed; `startedAt`, `completedAt`, `items` and `turnUsage` are those of all.
 */
export type GoalResult = TurnResult & {
  /** The goal as the runtime last said it: whether it is complete, blocked or out of budget. `null` when it was cleared. */
  readonly goal: ThreadGoal | null;
};

/**
 * A goal that the runtime works at, turn after turn, shown as one turn with the id of the first. It has
 * one consumer: `stream()` or `run()`, once. What it sends before the consumer comes is kept.
 */
export class GoalHandle {
  readonly #run: GoalRun;
  readonly #route: TurnRoute;
  readonly #turn: TurnHandle;

  /** Made by `Thread.startGoal`. @internal */
  constructor(run: GoalRun, route: TurnRoute, signal: AbortSignal | undefined) {
    this.#run = run;
    this.#route = route;
    this.#turn = new TurnHandle({ client: run.client, route, output: prepareOutput(undefined) });
    const stopListening = onAbort(signal, (reason) => {
      route.abort(reason);
      // The consumer gets the reason; a runtime that is gone has stopped the goal, too.
      void run.stop().catch(() => {});
    });
    route.onOver(stopListening);
  }

  /** The id of the goal's first turn, which all of its notifications bear. */
  get id(): string {
    return this.#route.id;
  }

  /** The id of the thread that the goal belongs to. */
  get threadId(): string {
    return this.#route.threadId;
  }

  /** The goal as the runtime last said it while it was followed; `null` when it was cleared. */
  get goal(): ThreadGoal | null {
    return this.#run.goal;
  }

  /**
   * The notifications of all the goal's turns, in order, as one turn's: with one `turn/started`, and
   * ending after one `turn/completed`. Leaving the loop early frees what is not read, and the thread
   * for other turns; the goal itself goes on in the runtime, see `interrupt`.
   *
   * @throws TurnAlreadyConsumedError on the second use; TransportClosedError, TurnIncompleteError or the
   * signal's reason when the events are cut short.
   */
  stream(): AsyncIterableIterator<ServerNotification> {
    return leaveAtEnd(this.#turn.stream(), this.#run);
  }

  /**
   * Waits for the goal's end and makes its result. A goal that ends blocked, paused or out of budget
   * returns, too: see `result.goal`.
   *
   * @throws TurnFailedError when one of its turns failed; otherwise as `stream`.
   */
  async run(): Promise<GoalResult> {
    if (this.#route.isConsumed) throw new TurnAlreadyConsumedError(this.id);
    try {
      const result = await this.#turn.run();
      return { ...result, goal: this.goal };
    } finally {
      this.#run.leave();
    }
  }

  /**
   * Adds input to the turn that the goal is at (`turn/steer`), or else to its next one.
   *
   * @throws InvalidRequestError when the goal has ended.
   */
  steer(input: RunInput): Promise<void> {
    return steerGoal(this.#run, toWireInput(input), this.id);
  }

  /**
   * Pauses the goal (`thread/goal/set`) and interrupts its turn (`turn/interrupt`). Does nothing once
   * the goal has ended.
   */
  interrupt(): Promise<void> {
    return this.#run.stop();
  }
}

async function* leaveAtEnd(
  events: AsyncIterableIterator<ServerNotification>,
  run: GoalRun,
): AsyncGenerator<ServerNotification, void, undefined> {
  try {
    yield* events;
  } finally {
    run.leave();
  }
}
