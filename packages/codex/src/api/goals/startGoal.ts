import type { ThreadGoalSetParams } from "@openai/codex-types";

import type { RuntimeClient } from "../../client/runtimeClient.js";
import { GoalStartTimeoutError, InvalidOptionError } from "../../errors.js";
import { raceAbort } from "../../internal/abort.js";
import { isObject } from "../../internal/isObject.js";
import { type RequestOptions, toRequestOptions } from "../../rpc/requestOptions.js";
import type { ThreadOpener } from "../threadOpener.js";
import { openWithin, TimeLimit } from "../timeLimit.js";
import { traceTurn } from "../turns/traceTurn.js";
import { GoalHandle } from "./goalHandle.js";
import { type GoalOptions, toGoalOptions, toObjective } from "./goalOptions.js";
import { GoalRun, type StartedGoal } from "./goalRun.js";

const METHOD = "thread/goal/set";

/**
 * Gives a thread a goal in place of the one that it has (`thread/goal/clear`, `thread/goal/set`), and
 * waits for the first of the turns that the runtime starts by itself.
 */
export async function startGoal(
  opener: ThreadOpener,
  threadId: string,
  objective: string,
  options: GoalOptions | undefined,
): Promise<GoalHandle> {
  const { rest, ...checked } = toGoalOptions("startGoal", options);
  const params = {
    threadId,
    objective: toObjective(objective),
    status: "active",
    ...rest,
  } as const;
  return openGoal(opener, params, checked, (signal) =>
    opener.runtime.dispatch("thread/goal/clear", { threadId }, { signal }),
  );
}

/** Continues the thread's paused goal (`thread/goal/set`), and waits for its next turn. */
export async function resumeGoal(
  opener: ThreadOpener,
  threadId: string,
  options: GoalOptions | undefined,
): Promise<GoalHandle> {
  const { rest, ...checked } = toGoalOptions("resumeGoal", options);
  const params = { threadId, status: "active", ...rest } as const;
  return openGoal(opener, params, checked, async () => {});
}

/** Checked options that are not sent. */
interface OpenGoalOptions extends RequestOptions {
  readonly startTimeoutMs: number;
  readonly idleTimeoutMs: number | undefined;
}

/** Step before the goal is set. */
type Prepare = (signal: AbortSignal | undefined) => Promise<unknown>;

async function openGoal(
  opener: ThreadOpener,
  params: ThreadGoalSetParams,
  options: OpenGoalOptions,
  prepare: Prepare,
): Promise<GoalHandle> {
  const { startTimeoutMs, idleTimeoutMs } = options;
  return openWithin(METHOD, toRequestOptions(options), async (limit) => {
    // The limit of the start holds for each of its steps, also for the resume of the thread before it.
    const start = new TimeLimit(METHOD, { signal: limit.signal, timeoutMs: startTimeoutMs });
    try {
      const { run, started } = await traceTurn(
        opener,
        { method: METHOD, params },
        async (onRoute) => {
          const set = await setGoal(opener, params, start.signal, prepare);
          const first = await firstTurn(set, start.signal);
          onRoute(first.route);
          return { run: set, started: first };
        },
      );
      const skillFolder = { cwd: opener.settings.get(params.threadId)?.cwd };
      const keeping = opener.keeper;
      return new GoalHandle(run, started, { skillFolder, limit, idleTimeoutMs, keeping });
    } catch (error) {
      if (error !== start.reason) throw error;
      throw new GoalStartTimeoutError(params.threadId, startTimeoutMs, { cause: error });
    } finally {
      start.end();
    }
  });
}

/** Sends the goal, on a thread that is free for it. */
async function setGoal(
  opener: ThreadOpener,
  params: ThreadGoalSetParams,
  signal: AbortSignal | undefined,
  prepare: Prepare,
): Promise<GoalRun> {
  const { threadId } = params;
  const { runtime } = opener;
  const slot = await opener.acquire(threadId, { isGoal: true, signal });
  try {
    await checkThread(runtime, threadId, signal);
    await prepare(signal);
    signal?.throwIfAborted();
  } catch (error) {
    slot.release();
    throw error;
  }
  const run = new GoalRun(runtime, threadId, slot);
  run.activate(params);
  return run;
}

/** Refuses what the app-server accepts: it lets a goal join a turn that another client has started. */
async function checkThread(
  runtime: RuntimeClient,
  threadId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const params = { threadId, includeTurns: false };
  const response = await runtime.dispatch("thread/read", params, { signal });
  const thread = isObject(response) && isObject(response["thread"]) ? response["thread"] : {};
  if (isObject(thread["status"]) && thread["status"]["type"] === "active") {
    throw runtime.router.threads.busyError(threadId);
  }
  if (thread["ephemeral"] === true) {
    throw new InvalidOptionError(
      "ephemeral",
      `thread ${threadId} is ephemeral, and a goal needs a stored thread; start it without ephemeral.`,
    );
  }
}

/** Waits for the first turn of the goal, which is stopped when the signal aborts before. */
async function firstTurn(run: GoalRun, signal: AbortSignal | undefined): Promise<StartedGoal> {
  try {
    return await raceAbort(run.started, signal);
  } catch (error) {
    // The caller has waited long enough: the error does not wait for the pause.
    void run.abandon();
    throw error;
  }
}
