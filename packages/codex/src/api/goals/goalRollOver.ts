import { InvalidRequestError } from "../../rpc/rpcErrors.js";
import { passesWithin } from "../turns/interruptTurn.js";
import type { GoalRun } from "./goalRun.js";

/** How long a goal may take from the end of one turn to the start of the next. */
const NEXT_TURN_WAIT_MS = 500;

/** The goal's current turn, or between two turns the next one; `undefined` when none comes. */
export async function currentTurnId(run: GoalRun): Promise<string | undefined> {
  if (run.activeTurnId === undefined && !run.isOver) {
    await passesWithin(run.turnChange, NEXT_TURN_WAIT_MS);
  }
  return run.activeTurnId;
}

/**
 * The turn that has taken the place of `turnId`, which the runtime refused as not the active one;
 * `undefined` when there is none, or the error says something else.
 */
export async function turnIdAfter(
  run: GoalRun,
  turnId: string,
  error: unknown,
): Promise<string | undefined> {
  if (run.isOver || !(error instanceof InvalidRequestError)) return undefined;
  const found = /expected active turn id .* but found `([^`]+)`/.exec(error.message)?.[1];
  if (found !== undefined) return found;
  if (!error.message.includes("no active turn")) return undefined;
  // The turn has ended, and its last event is on the way.
  if (run.activeTurnId === turnId) await passesWithin(run.turnChange, NEXT_TURN_WAIT_MS);
  const next = await currentTurnId(run);
  return next === turnId ? undefined : next;
}
