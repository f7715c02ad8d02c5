import type { TurnResult } from "../../src/api/turns/turnResult.js";

/** The result of a turn that said `finalResponse` and nothing else of note. */
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
    items: [],
    usage: null,
    turnUsage: null,
  };
  return status === "completed" ? { ...facts, status, output: undefined } : { ...facts, status };
}
