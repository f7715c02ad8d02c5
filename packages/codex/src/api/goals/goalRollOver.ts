import type { RuntimeClient } from "../../client/runtimeClient.js";
import { activeTurnIdIn, isNoActiveTurn } from "../../rpc/runtimeErrors.js";
import { passesWithin } from "../turns/interruptTurn.js";

/** Longest pause of a goal between the end of a turn and the start of the next one, in milliseconds. */
const NEXT_TURN_WAIT_MS = 500;

/** Part of a goal's run that finds the turn to steer or to stop. */
export interface GoalTurns {
  readonly runtime: RuntimeClient;
  readonly threadId: string;
  /** Id of the turn that runs; `undefined` between two turns. */
  readonly activeTurnId: string | undefined;
  /** Resolves when the next turn starts, the current one ends, or the goal does. */
  readonly turnChange: Promise<void>;
  readonly isOver: boolean;
}

/** Returns the goal's current turn, or between two turns the next one; `undefined` when none comes. */
export async function currentTurnId(run: GoalTurns): Promise<string | undefined> {
  if (run.activeTurnId === undefined && !run.isOver) {
    await passesWithin(run.turnChange, NEXT_TURN_WAIT_MS);
  }
  return run.activeTurnId;
}

/**
 * Returns the turn that has replaced `turnId`, which the app-server refused as not the active one;
 * `undefined` when there is none, or the error has another cause.
 */
export async function turnIdAfter(
  run: GoalTurns,
  turnId: string,
  error: unknown,
): Promise<string | undefined> {
  if (run.isOver) return undefined;
  const found = activeTurnIdIn(error);
  if (found !== undefined) return found;
  if (!isNoActiveTurn(error)) return undefined;
  // The turn has ended, and its last event is still to come.
  if (run.activeTurnId === turnId) await passesWithin(run.turnChange, NEXT_TURN_WAIT_MS);
  const next = await currentTurnId(run);
  return next === turnId ? undefined : next;
}
