import type {
  ServerNotification,
  ThreadItem,
  ThreadTokenUsage,
  TokenUsageBreakdown,
  Turn,
  TurnError,
} from "@openai/codex-types";

import { maskSecretsIn } from "../../internal/secrets.js";
import { describeValue } from "../../internal/validate.js";

/** Facts about a turn that has ended, whatever its status. */
export interface TurnFacts {
  /** Id of the turn. */
  readonly id: string;
  /** Reason of the failure, as reported by the runtime; `null` unless the turn failed. */
  readonly error: TurnError | null;
  /** Start of the turn, in seconds since 1970. */
  readonly startedAt: number | null;
  /** End of the turn, in seconds since 1970. */
  readonly completedAt: number | null;
  /** Duration of the turn, in milliseconds. */
  readonly durationMs: number | null;
  /** Text of the last message that is a final answer, otherwise of the last message without a phase; `null` if there is neither. */
  readonly finalResponse: string | null;
  /** Completed items, in order. */
  readonly items: readonly ThreadItem[];
  /** Token usage of the thread in total and of its last model call, as last reported. */
  readonly usage: ThreadTokenUsage | null;
  /** Token usage of this turn. Cached input is part of the input, not added to it. */
  readonly turnUsage: TokenUsageBreakdown | null;
}

/**
 * Result of a turn. `run()` returns turns that are `completed` or `interrupted`; a `failed` turn is
 * part of a `TurnFailedError`. Only a completed turn has an `output`: the final response, parsed and
 * validated by the output schema, or `undefined` when the turn has no output schema.
 */
export type TurnResult<Output = undefined> = TurnFacts &
  (
    | {
        /** The turn ran to its end. */
        readonly status: "completed";
        /** The final response as the output schema returned it. */
        readonly output: Output;
      }
    | {
        /** The turn was interrupted, or failed. */
        readonly status: "interrupted" | "failed";
        /** Never set: there is no final answer. */
        readonly output?: undefined;
      }
  );

/** Facts that were collected from the events of a turn so far. */
export interface TurnProgress {
  readonly items: readonly ThreadItem[];
  readonly usage: ThreadTokenUsage | null;
  /** The thread's total before the turn's first model call. */
  readonly usageBefore: TokenUsageBreakdown | null;
  /** The turn of its `turn/completed`. */
  readonly completed: Turn | null;
  /** The method of the last event. */
  readonly lastEvent: string | null;
}

/**
 * Folds the events of a turn into its result. Items come only from `item/completed`: the `items` of a
 * live turn are not loaded.
 */
export class TurnCollector {
  #items: ThreadItem[] = [];
  #usage: ThreadTokenUsage | null = null;
  #usageBefore: TokenUsageBreakdown | null = null;
  #beganWithCompaction = false;
  #completed: Turn | null = null;
  #lastEvent: string | null = null;

  /**
   * Takes an event in. A runtime of another version may leave out what the types call required: that
   * makes the result poorer, and breaks nothing.
   */
  add(event: ServerNotification): void {
    this.#lastEvent = event.method;
    switch (event.method) {
      case "item/started":
        if (event.params.item?.type === "contextCompaction" && this.#usage === null) {
          this.#beganWithCompaction = true;
        }
        break;
      case "item/completed":
        if (event.params.item !== undefined) this.#items.push(event.params.item);
        break;
      case "thread/tokenUsage/updated":
        this.#addUsage(event.params.tokenUsage);
        break;
      case "turn/completed":
        this.#completed = event.params.turn;
        break;
    }
  }

  #addUsage(usage: ThreadTokenUsage | undefined): void {
    if (usage?.total === undefined || usage.last === undefined) return;
    const previous = this.#usage;
    this.#usage = usage;
    this.#usageBefore ??= subtract(usage.total, usage.last);
    // Before a compaction, the runtime repeats the last usage of the previous turn.
    if (!this.#beganWithCompaction || previous === null) return;
    if (usage.total.totalTokens === previous.total.totalTokens) return;
    this.#usageBefore = previous.total;
    this.#beganWithCompaction = false;
  }

  /** The items of a turn whose events were lost, as its thread has stored them. */
  restoreItems(items: readonly ThreadItem[]): void {
    this.#items = [...items];
  }

  /** The `turn/completed` of the turn has been received. */
  get isComplete(): boolean {
    return this.#completed !== null;
  }

  get progress(): TurnProgress {
    return {
      items: [...this.#items],
      usage: this.#usage,
      usageBefore: this.#usageBefore,
      completed: this.#completed,
      lastEvent: this.#lastEvent,
    };
  }
}

/** The result of a turn that has ended, from all that was seen of it. */
export function toTurnResult(id: string, completed: Turn, progress: TurnProgress): TurnResult {
  const { items, usage, usageBefore } = progress;
  const facts: TurnFacts = {
    id,
    // A model provider may repeat the key that it refuses.
    error: maskSecretsIn(completed.error ?? null),
    startedAt: completed.startedAt ?? null,
    completedAt: completed.completedAt ?? null,
    durationMs: completed.durationMs ?? null,
    finalResponse: finalResponseOf(items),
    items,
    usage,
    turnUsage: usage === null || usageBefore === null ? null : subtract(usage.total, usageBefore),
  };
  switch (completed.status) {
    case "completed":
      return { ...facts, status: "completed", output: undefined };
    case "interrupted":
      return { ...facts, status: "interrupted" };
    default:
      // A status that this SDK does not know must not count as a success.
      return { ...facts, status: "failed", error: facts.error ?? unknownStatus(completed.status) };
  }
}

function unknownStatus(status: unknown): TurnError | null {
  if (status === "failed") return null;
  const message = `the runtime reported the turn status ${describeValue(status)}, which this SDK does not know`;
  return { message, codexErrorInfo: null, additionalDetails: null, misalignment: null };
}

/** The text of the last final answer; else of the last message with no phase. Commentary never counts. */
export function finalResponseOf(items: readonly ThreadItem[]): string | null {
  let withoutPhase: string | null = null;
  for (const item of items.toReversed()) {
    if (item.type !== "agentMessage") continue;
    if (item.phase === "final_answer") return item.text;
    if (item.phase === null || item.phase === undefined) withoutPhase ??= item.text;
  }
  return withoutPhase;
}

/** Subtracts each member; `null` when a member becomes negative, as after a reset of the total. */
function subtract(
  total: TokenUsageBreakdown,
  part: TokenUsageBreakdown,
): TokenUsageBreakdown | null {
  const difference: TokenUsageBreakdown = {
    totalTokens: total.totalTokens - part.totalTokens,
    inputTokens: total.inputTokens - part.inputTokens,
    cachedInputTokens: total.cachedInputTokens - part.cachedInputTokens,
    cacheWriteInputTokens: (total.cacheWriteInputTokens ?? 0) - (part.cacheWriteInputTokens ?? 0),
    outputTokens: total.outputTokens - part.outputTokens,
    reasoningOutputTokens: total.reasoningOutputTokens - part.reasoningOutputTokens,
  };
  return Object.values(difference).every((value) => value >= 0) ? difference : null;
}
