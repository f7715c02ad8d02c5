import type { ThreadGoal, ThreadGoalStatus, TurnStatus } from "@openai/codex-types";

/** A notification in its wire format. */
export interface WireNotification {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const threadId = "thread-1";

/** A goal of thread-1 with a status. */
export function goalOf(status: ThreadGoalStatus): ThreadGoal {
  return {
    threadId,
    objective: "Build it",
    status,
    tokenBudget: null,
    tokensUsed: 0,
    timeUsedSeconds: 0,
    createdAt: 1,
    updatedAt: 1,
  };
}

export function goalUpdated(
  status: ThreadGoalStatus,
  turnId: string | null = null,
): WireNotification {
  return { method: "thread/goal/updated", params: { threadId, turnId, goal: goalOf(status) } };
}

export function goalCleared(): WireNotification {
  return { method: "thread/goal/cleared", params: { threadId } };
}

/** A turn of thread-1 that starts at `startedAt` seconds. */
export function turnStarted(id: string, startedAt = 10): WireNotification {
  const turn = { ...turnOf(id, "inProgress", startedAt), completedAt: null, durationMs: null };
  return { method: "turn/started", params: { threadId, turn } };
}

/** The end of a turn of thread-1, which took 700 ms. */
export function turnCompleted(
  id: string,
  status: TurnStatus = "completed",
  startedAt = 10,
): WireNotification {
  return { method: "turn/completed", params: { threadId, turn: turnOf(id, status, startedAt) } };
}

export function turnOf(id: string, status: TurnStatus, startedAt = 10) {
  return {
    id,
    rootTurnId: id,
    items: [],
    itemsView: "notLoaded",
    status,
    error: status === "failed" ? { message: `${id} failed` } : null,
    startedAt,
    completedAt: startedAt + 1,
    durationMs: 700,
  };
}
