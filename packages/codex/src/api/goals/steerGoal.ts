import type { UserInput } from "@openai/codex-types";

import { currentTurnId, turnIdAfter } from "./goalRollOver.js";
import type { GoalRun } from "./goalRun.js";

/**
 * Adds input to the turn that the goal is at (`turn/steer`); once more when the goal has meanwhile
 * gone on to the next one. `firstTurnId` is what the runtime is to refuse when there is none.
 */
export async function steerGoal(
  run: GoalRun,
  input: UserInput[],
  firstTurnId: string,
): Promise<void> {
  const turnId = (await currentTurnId(run)) ?? firstTurnId;
  try {
    await steer(run, turnId, input);
  } catch (error) {
    const next = await turnIdAfter(run, turnId, error);
    if (next === undefined) throw error;
    await steer(run, next, input);
  }
}

async function steer(
  { client, threadId }: GoalRun,
  expectedTurnId: string,
  input: UserInput[],
): Promise<void> {
  await client.request("turn/steer", { threadId, expectedTurnId, input });
}
