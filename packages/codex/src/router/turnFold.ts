import type {
  ThreadItem,
  ThreadTokenUsage,
  TokenUsageBreakdown,
  Turn,
  TurnError,
} from "@openai/codex-types";

import { isObject } from "../internal/isObject.js";
import type { NotificationMessage } from "../rpc/message.js";

/** State of a turn after the events so far. */
export interface TurnProgress {
  /** Completed items, in order. */
  readonly items: readonly ThreadItem[];
  readonly usage: ThreadTokenUsage | null;
  /** Total usage of the thread before the turn's first model call. */
  readonly usageBefore: TokenUsageBreakdown | null;
  /** Method of the last event; `null` before the first. */
  readonly lastEvent: string | null;
  /** Error of the last `error` notification, a retried one included; `null` if there was none. */
  readonly lastError: TurnError | null;
}

/**
 * Folds a turn's events into its progress, in the tick in which each is delivered. Items come from
 * `item/completed` only: the `items` of a live turn are not loaded. Members that are missing, as with
 * another version of the runtime, leave the progress poorer and break nothing.
 */
export class TurnFold implements TurnProgress {
  #items: ThreadItem[] = [];
  #usage: ThreadTokenUsage | null = null;
  #usageBefore: TokenUsageBreakdown | null = null;
  #beganWithCompaction = false;
  #lastEvent: string | null = null;
  #lastError: TurnError | null = null;

  get items(): readonly ThreadItem[] {
    return this.#items;
  }

  get usage(): ThreadTokenUsage | null {
    return this.#usage;
  }

  get usageBefore(): TokenUsageBreakdown | null {
    return this.#usageBefore;
  }

  get lastEvent(): string | null {
    return this.#lastEvent;
  }

  get lastError(): TurnError | null {
    return this.#lastError;
  }

  add({ method, params }: NotificationMessage): void {
    this.#lastEvent = method;
    switch (method) {
      case "item/started":
        if (this.#usage === null && itemOf(params)?.type === "contextCompaction") {
          this.#beganWithCompaction = true;
        }
        break;
      case "item/completed": {
        const item = itemOf(params);
        if (item !== undefined) this.#items.push(item);
        break;
      }
      case "thread/tokenUsage/updated":
        this.#addUsage(usageOf(params));
        break;
      case "error":
        this.#lastError = errorOf(params) ?? this.#lastError;
        break;
    }
  }

  /** Replaces the items of a turn whose events were lost by those that its thread has stored. */
  restoreItems(items: readonly unknown[]): void {
    this.#items = items.filter(isItem);
  }

  #addUsage(usage: ThreadTokenUsage | undefined): void {
    if (usage === undefined) return;
    const previous = this.#usage;
    this.#usage = usage;
    this.#usageBefore ??= subtractUsage(usage.total, usage.last);
    // Before a compaction the runtime repeats the last usage of the turn before this one.
    if (!this.#beganWithCompaction || previous === null) return;
    if (usage.total.totalTokens === previous.total.totalTokens) return;
    this.#usageBefore = previous.total;
    this.#beganWithCompaction = false;
  }
}

/** Returns the turn of a `turn/completed` that can be read: one with a status that ends a turn. */
export function endedTurnOf(params: unknown): Turn | undefined {
  const turn = isObject(params) ? params["turn"] : undefined;
  return isEndedTurn(turn) ? turn : undefined;
}

/** Returns the status of a `turn/completed` that is a string which the pinned protocol does not have; `undefined` otherwise. */
export function unknownStatusOf(params: unknown): string | undefined {
  const turn = isObject(params) ? params["turn"] : undefined;
  if (!isObject(turn) || isEndedTurn(turn)) return undefined;
  return typeof turn["status"] === "string" ? turn["status"] : undefined;
}

/** Returns whether a value is a turn that has ended. */
export function isEndedTurn(turn: unknown): turn is Turn {
  if (!isObject(turn) || typeof turn["id"] !== "string") return false;
  const { status } = turn;
  return status === "completed" || status === "interrupted" || status === "failed";
}

/** Returns `total - part` per member; `null` when the difference is not a usage (a total that was reset). */
export function subtractUsage(
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

function itemOf(params: unknown): ThreadItem | undefined {
  const item = isObject(params) ? params["item"] : undefined;
  return isItem(item) ? item : undefined;
}

/** The type of the item is checked; the protocol ties the other members to it. */
function isItem(item: unknown): item is ThreadItem {
  return isObject(item) && typeof item["type"] === "string";
}

function usageOf(params: unknown): ThreadTokenUsage | undefined {
  const usage = isObject(params) ? params["tokenUsage"] : undefined;
  if (!isObject(usage) || !isObject(usage["total"]) || !isObject(usage["last"])) return undefined;
  // SAFETY: both breakdowns are objects; a missing count gives NaN, which `subtractUsage` refuses.
  return usage as unknown as ThreadTokenUsage;
}

function errorOf(params: unknown): TurnError | undefined {
  const error = isObject(params) ? params["error"] : undefined;
  if (!isObject(error) || typeof error["message"] !== "string") return undefined;
  // SAFETY: the message is checked; the other members are nullable and only passed on.
  return error as TurnError;
}
