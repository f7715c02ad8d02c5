import { InvalidRequestError } from "../../rpc/rpcErrors.js";
import { currentTurnId, turnIdAfter } from "./goalRollOver.js";
import type { GoalRun } from "./goalRun.js";

/** Pauses the goal (`thread/goal/set`); `false` when somebody has cleared it meanwhile. */
export async function pauseGoal({ client, threadId }: GoalRun): Promise<boolean> {
  try {
    await client.request("thread/goal/set", { threadId, status: "paused" });
    return true;
  } catch (error) {
    if (error instanceof InvalidRequestError && error.message.includes("no goal exists")) {
      return false;
    }
    throw error;
  }
}

/**
 * Interrupts the turn that the goal is at (`turn/interrupt`), or the one that it began before the
 * pause took hold. Does nothing when there is none.
 */
export async function interruptGoalTurn(run: GoalRun): Promise<void> {
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

async function interrupt({ client, threadId }: GoalRun, turnId: string): Promise<void> {
  await client.request("turn/interrupt", { threadId, turnId });
}
