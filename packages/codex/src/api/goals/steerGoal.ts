import type { UserInput } from "@openai/codex-types";

import { currentTurnId, turnIdAfter } from "./goalRollOver.js";
import type { GoalRun } from "./goalRun.js";

/**
 * Adds input to the goal's current turn (`turn/steer`); once more when the goal has meanwhile moved to
 * its next turn. `firstTurnId` is the id that the app-server refuses when there is none.
 */
export async function steerGoal(
  run: GoalRun,
  input: UserInput[],
  firstTurnId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const turnId = (await currentTurnId(run)) ?? firstTurnId;
  try {
    await steer(run, turnId, input, signal);
  } catch (error) {
    const next = await turnIdAfter(run, turnId, error);
    if (next === undefined) throw error;
    await steer(run, next, input, signal);
  }
}

async function steer(
  { runtime, threadId }: GoalRun,
  expectedTurnId: string,
  input: UserInput[],
  signal: AbortSignal | undefined,
): Promise<void> {
  await runtime.dispatch("turn/steer", { threadId, expectedTurnId, input }, { signal });
}
