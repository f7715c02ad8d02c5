import type { ThreadGoalSetParams } from "@openai/codex-types";

import type { RuntimeClient } from "../../client/runtimeClient.js";
import { GoalStartTimeoutError, InvalidOptionError } from "../../errors.js";
import { raceAbort } from "../../internal/abort.js";
import { isObject } from "../../internal/isObject.js";
import type { ThreadOpener } from "../threadOpener.js";
import { GoalHandle } from "./goalHandle.js";
import { type GoalOptions, toGoalOptions, toObjective } from "./goalOptions.js";
import { GoalRun, type StartedGoal } from "./goalRun.js";

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
  return openGoal(opener, params, checked, () =>
    opener.runtime.dispatch("thread/goal/clear", { threadId }, { signal: checked.signal }),
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
interface OpenGoalOptions {
  readonly startTimeoutMs: number;
  readonly idleTimeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

async function openGoal(
  opener: ThreadOpener,
  params: ThreadGoalSetParams,
  { startTimeoutMs, idleTimeoutMs, signal }: OpenGoalOptions,
  prepare: () => Promise<unknown>,
): Promise<GoalHandle> {
  const { threadId } = params;
  const { runtime } = opener;
  const { threads } = runtime.router;
  signal?.throwIfAborted();
  if (!opener.isSubscribed(threadId)) await opener.subscribe(threadId, signal);
  const slot =
    threads.reserve(threadId, true) ?? (await threads.acquire(threadId, { isGoal: true, signal }));
  try {
    await checkThread(runtime, threadId, signal);
    await prepare();
  } catch (error) {
    slot.release();
    throw error;
  }
  const run = new GoalRun(runtime, threadId, slot);
  try {
    run.activate(params);
    const started = await firstTurn(run, startTimeoutMs, signal);
    return new GoalHandle(run, started, { signal, idleTimeoutMs });
  } catch (error) {
    // The caller has waited long enough: the error does not wait for the pause.
    void run.abandon();
    throw error;
  }
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

async function firstTurn(
  run: GoalRun,
  startTimeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<StartedGoal> {
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
