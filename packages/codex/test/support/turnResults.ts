import type {
  CompletedTurn,
  FailedTurn,
  InterruptedTurn,
  TurnResult,
} from "../../src/errors/turnResult.js";

/** Result of a turn whose only noteworthy members are its final response and its status. */
export function turnResultOf(finalResponse: string | null): CompletedTurn;
export function turnResultOf(finalResponse: string | null, status: "interrupted"): InterruptedTurn;
export function turnResultOf(
  finalResponse: string | null,
  status: TurnResult["status"] = "completed",
): TurnResult {
  const facts = {
    id: "turn-1",
    error: null,
    startedAt: 1,
    completedAt: 2,
    durationMs: 1000,
    finalResponse,
    plan: null,
    items: [],
    usage: null,
    turnUsage: null,
  };
  return status === "completed" ? { ...facts, status, output: undefined } : { ...facts, status };
}

/** Result of a turn that failed with this error. */
export function failedTurnOf(error: FailedTurn["error"]): FailedTurn {
  return { ...turnResultOf(null, "interrupted"), status: "failed", error };
}
