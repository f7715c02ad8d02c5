import { isObject } from "../internal/isObject.js";
import type { NotificationMessage } from "../rpc/message.js";
import { isEndedTurn } from "./turnFold.js";

/** A follower of turns that has missed the events of a lost connection. */
export interface TurnFollower {
  /** Id under which the runtime stores the turn that is followed; `undefined` between two turns. */
  readonly activeTurnId: string | undefined;
  /** Id of the turn that ended last, where a further turn may have begun. */
  readonly endedTurnId?: string | undefined;
  /** Id under which the turn's events are delivered. Defaults to that of the stored turn. */
  readonly eventId?: string | undefined;
  /** Notes that events are replayed: from here on, an item that was delivered is not delivered again. */
  markRestored(): void;
  /** Returns whether the completion of an item was delivered. */
  hasCompleted(itemId: string): boolean;
}

/**
 * Delivers what a follower has missed, from the turns that the thread has stored, oldest first: the items
 * that were completed, the turns that have begun behind the one that it follows, and the end of each. Returns whether the
 * stored turns have the last one that it knows.
 */
export function replayTurns(
  threadId: string,
  turns: readonly unknown[],
  follower: TurnFollower,
  deliver: (message: NotificationMessage) => void,
): boolean {
  const isBetweenTurns = follower.activeTurnId === undefined;
  const lastId = follower.activeTurnId ?? follower.endedTurnId;
  const last = turns.findIndex((turn) => isObject(turn) && turn["id"] === lastId);
  if (last < 0 || lastId === undefined) return false;
  follower.markRestored();
  for (const [index, turn] of turns.slice(isBetweenTurns ? last + 1 : last).entries()) {
    if (!isObject(turn) || typeof turn["id"] !== "string") continue;
    const turnId = follower.eventId ?? turn["id"];
    const shown = { ...turn, id: turnId };
    if (index > 0 || isBetweenTurns)
      deliver({ method: "turn/started", params: { threadId, turn: shown } });
    for (const item of completedItemsOf(turn)) {
      if (follower.hasCompleted(item.id)) continue;
      deliver({ method: "item/completed", params: { threadId, turnId, item } });
    }
    if (isEndedTurn(turn)) deliver({ method: "turn/completed", params: { threadId, turn: shown } });
  }
  return true;
}

function completedItemsOf(turn: Readonly<Record<string, unknown>>): { readonly id: string }[] {
  const items: readonly unknown[] = Array.isArray(turn["items"]) ? turn["items"] : [];
  return items.filter(
    (item): item is { readonly id: string } =>
      isObject(item) && typeof item["id"] === "string" && item["status"] !== "inProgress",
  );
}
