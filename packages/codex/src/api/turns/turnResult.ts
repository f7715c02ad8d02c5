import type { ThreadItem, TokenUsageBreakdown, Turn } from "@openai/codex-types";

import { TurnFailedError } from "../../errors.js";
import type { TurnFacts, TurnResult } from "../../errors/turnResult.js";
import type { SecretMasker } from "../../internal/secrets.js";
import { subtractUsage, type TurnProgress } from "../../router/turnFold.js";

/**
 * Makes the result of a turn that has ended from its progress.
 *
 * @throws TurnFailedError when the turn has failed.
 */
export function toTurnResult(
  id: string,
  ended: Turn,
  progress: TurnProgress,
  secrets: SecretMasker,
): TurnResult {
  const facts = toFacts(id, ended, progress);
  // A model provider may repeat the key that it refuses.
  const error = secrets.maskIn(ended.error ?? null);
  switch (ended.status) {
    case "completed":
      return { ...facts, status: "completed", error: null, output: undefined };
    case "interrupted":
      return { ...facts, status: "interrupted", error };
    default:
      throw new TurnFailedError(
        { ...facts, status: "failed", error },
        secrets.maskIn(progress.lastError),
      );
  }
}

function toFacts(id: string, ended: Turn, progress: TurnProgress): TurnFacts {
  const { items, usage } = progress;
  return {
    id,
    startedAt: ended.startedAt ?? null,
    completedAt: ended.completedAt ?? null,
    durationMs: ended.durationMs ?? null,
    finalResponse: finalResponseOf(items),
    plan: planOf(items),
    items: [...items],
    usage,
    turnUsage: turnUsageOf(progress),
  };
}

/** Returns the token usage of the turn alone. */
export function turnUsageOf({ usage, usageBefore }: TurnProgress): TokenUsageBreakdown | null {
  return usage === null || usageBefore === null ? null : subtractUsage(usage.total, usageBefore);
}

/** Returns the text of the last final answer; else of the last message without a phase. Commentary never counts. */
export function finalResponseOf(items: readonly ThreadItem[]): string | null {
  let withoutPhase: string | null = null;
  for (const item of items.toReversed()) {
    if (item.type !== "agentMessage" || typeof item.text !== "string") continue;
    if (item.phase === "final_answer") return item.text;
    if (item.phase === null || item.phase === undefined) withoutPhase ??= item.text;
  }
  return withoutPhase;
}

function planOf(items: readonly ThreadItem[]): string | null {
  for (const item of items.toReversed()) {
    if (item.type === "plan" && typeof item.text === "string") return item.text;
  }
  return null;
}
