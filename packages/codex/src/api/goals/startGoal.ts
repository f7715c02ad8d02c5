import type { AppServerClient } from "../../client/appServerClient.js";
import { GoalStartTimeoutError, InvalidOptionError } from "../../errors.js";
import { raceAbort } from "../../internal/abort.js";
import type { TurnRoute } from "../../router/turnRoute.js";
import { GoalHandle } from "./goal.js";
import { type GoalOptions, toGoalStart } from "./goalOptions.js";
import { GoalRun } from "./goalRun.js";

/**
 * Gives a thread a goal in place of the one that it has (`thread/goal/clear`, `thread/goal/set`), and
 * waits for the first of the turns that the runtime starts by itself.
 */
export async function startGoal(
  client: AppServerClient,
  threadId: string,
  objective: string,
  options: GoalOptions,
): Promise<GoalHandle> {
  const { params, startTimeoutMs } = toGoalStart(threadId, objective, options);
  const { signal } = options;
  const { activity } = client.router;
  signal?.throwIfAborted();
  const place = activity.reserveForGoal(threadId);
  if (place === undefined) throw activity.busyError(threadId);
  try {
    await checkThread(client, threadId, signal);
    await client.request("thread/goal/clear", { threadId }, { signal });
  } catch (error) {
    place.release();
    throw error;
  }
  const run = new GoalRun(client, threadId, place);
  try {
    run.activate(params);
    const route = await firstTurn(run, startTimeoutMs, signal);
    return new GoalHandle(run, route, signal);
  } catch (error) {
    // The caller has waited long enough: it gets the error now, however long the pause takes.
    void run.abandon();
    throw error;
  }
}

/** Says what the runtime would not: it lets a goal join a turn that another client has started. */
async function checkThread(
  client: AppServerClient,
  threadId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const params = { threadId, includeTurns: false };
  const { thread } = await client.request("thread/read", params, { signal });
  if (thread.status.type === "active") throw client.router.activity.busyError(threadId);
  if (thread.ephemeral) {
    throw new InvalidOptionError(
      "ephemeral",
      `thread ${threadId} is ephemeral, and a goal needs a stored thread; start it without ephemeral.`,
    );
  }
}

async function firstTurn(
  run: GoalRun,
  startTimeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<TurnRoute> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    const error = new GoalStartTimeoutError(run.threadId, startTimeoutMs);
    timer = setTimeout(() => reject(error), startTimeoutMs);
  });
  try {
    return await raceAbort(Promise.race([run.started, timeout]), signal);
  } finally {
    clearTimeout(timer);
  }
}
