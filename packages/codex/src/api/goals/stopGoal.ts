import { hostTimers } from "../../internal/timers.js";
import { isNoGoal } from "../../rpc/runtimeErrors.js";
import { currentTurnId, type GoalTurns, turnIdAfter } from "./goalRollOver.js";

/**
 * Time limit of each request that stops a goal, in milliseconds: without a response, the goal's handle
 * and its thread would wait for good.
 */
export const STOP_TIMEOUT_MS = 5000;

const STOP_LIMIT = { timeoutMs: STOP_TIMEOUT_MS, timers: hostTimers } as const;

/** Pauses the goal (`thread/goal/set`); returns `false` when it was cleared meanwhile. */
export async function pauseGoal({ runtime, threadId }: GoalTurns): Promise<boolean> {
  try {
    const params = { threadId, status: "paused" };
    await runtime.dispatch("thread/goal/set", params, STOP_LIMIT);
    return true;
  } catch (error) {
    if (isNoGoal(error)) return false;
    throw error;
  }
}

/**
 * Interrupts the goal's current turn (`turn/interrupt`), or the one that it began before the pause
 * took effect. Does nothing when there is none.
 */
export async function interruptGoalTurn(run: GoalTurns): Promise<void> {
  const turnId = await currentTurnId(run);
  if (turnId === undefined) return;
  try {
    await interrupt(run, turnId);
  } catch (error) {
    const next = await turnIdAfter(run, turnId, error);
    if (next !== undefined) await interrupt(run, next);
    // A turn that has ended by itself needs no interrupt.
    else if (run.activeTurnId !== undefined) throw error;
  }
}

async function interrupt({ runtime, threadId }: GoalTurns, turnId: string): Promise<void> {
  await runtime.dispatch("turn/interrupt", { threadId, turnId }, STOP_LIMIT);
}
