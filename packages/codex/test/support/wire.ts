import type { ThreadItem, Turn } from "@openai/codex-types";

import type { FakeAction } from "./fakeActions.js";

/** Messages as the runtime sends them, for scripts and expectations. */

export const THREAD = "thread-1";
export const TURN = "turn-1";

export function initializeResult({
  version = "1.2.3",
  codexHome = "/home/of/codex",
}: { readonly version?: string; readonly codexHome?: string } = {}): unknown {
  return {
    userAgent: `codex_typescript_sdk/${version} (Linux 1; x86_64) term (codex_typescript_sdk; 1)`,
    codexHome,
    platformFamily: "unix",
    platformOs: "linux",
  };
}

export function notification(method: string, params: unknown) {
  return { method, params };
}

export function turn(id: string, status: string, extra: Partial<Turn> = {}): Turn {
  // SAFETY: a test may use a status of a later protocol; the SDK treats every member as unchecked.
  return {
    id,
    items: [],
    itemsView: "notLoaded",
    status,
    error: null,
    ...extra,
  } as unknown as Turn;
}

export function agentMessage(text: string, id = "item-1"): ThreadItem {
  return { type: "agentMessage", id, text, phase: null, memoryCitation: null } as ThreadItem;
}

export function turnStarted(id = TURN, threadId = THREAD) {
  return notification("turn/started", { threadId, turn: turn(id, "inProgress") });
}

export function itemStarted(item: unknown, turnId = TURN, threadId = THREAD) {
  return notification("item/started", { threadId, turnId, item });
}

export function delta(text: string, turnId = TURN, threadId = THREAD, itemId = "item-1") {
  return notification("item/agentMessage/delta", { threadId, turnId, itemId, delta: text });
}

export function itemCompleted(item: unknown, turnId = TURN, threadId = THREAD) {
  return notification("item/completed", { threadId, turnId, item });
}

export function usageUpdated(totalTokens: number, turnId = TURN, threadId = THREAD) {
  return notification("thread/tokenUsage/updated", {
    threadId,
    turnId,
    tokenUsage: usageOf(totalTokens),
  });
}

export function usageOf(totalTokens: number) {
  const tokens = {
    totalTokens,
    inputTokens: totalTokens,
    cachedInputTokens: 0,
    cacheWriteInputTokens: 0,
    outputTokens: 0,
    reasoningOutputTokens: 0,
  };
  return { total: tokens, last: tokens, modelContextWindow: null };
}

export function turnCompleted(
  id = TURN,
  threadId = THREAD,
  status = "completed",
  extra: Partial<Turn> = {},
) {
  return notification("turn/completed", { threadId, turn: turn(id, status, extra) });
}

export function sends(...messages: unknown[]): FakeAction[] {
  return messages.map((message) => ({ send: message }));
}

export const answersThread: FakeAction[] = [{ answer: { thread: { id: THREAD, turns: [] } } }];

export const answersTurn: FakeAction = { answer: { turn: turn(TURN, "inProgress") } };

/** The script of a whole turn with one message. */
export function wholeTurn(text: string): FakeAction[] {
  return [answersTurn, ...sends(turnStarted(), itemCompleted(agentMessage(text)), turnCompleted())];
}
