import type { Turn } from "@openai/codex-types";

import { isObject } from "../internal/isObject.js";
import { clearTimeout, setTimeout } from "../internal/timers.js";
import { isRestingStatus } from "../router/threadEvents.js";
import { LOST_COMPLETION_MS } from "../router/threadQueue.js";
import { isEndedTurn } from "../router/turnFold.js";
import type { TurnRoute } from "../router/turnRoute.js";
import { type Dispatch, OWN_LIMIT } from "./ownRequests.js";

/** Number of turns among which a turn that has just ended is searched: others may have begun behind it. */
const TURNS_TO_SEARCH = 3;

/** State of a turn by what its thread has stored. */
export type StoredTurn =
  | { readonly state: "ended"; readonly turn: Turn }
  /** The thread has no active turn, and has not stored how this one ended. */
  | { readonly state: "gone" }
  | { readonly state: "running" }
  /** The app-server did not answer. */
  | { readonly state: "unknown" };

/**
 * Ends turns whose `turn/completed` was lost. After a sign of the end (a terminal error, a thread at
 * rest, a completion that cannot be read) and a short grace, the thread is read again.
 */
export class TurnRecovery {
  readonly #dispatch: Dispatch;
  readonly #timers = new Map<TurnRoute, NodeJS.Timeout>();

  constructor(dispatch: Dispatch) {
    this.#dispatch = dispatch;
  }

  /** Number of turns that wait for their re-read. */
  get size(): number {
    return this.#timers.size;
  }

  /** Schedules the re-read of a turn that seems to have ended. */
  schedule(route: TurnRoute): void {
    if (route.isHeld) {
      void this.#complete(route);
      return;
    }
    if (this.#timers.has(route) || route.end !== undefined) return;
    const timer = setTimeout(() => void this.#recoverAfterSign(route), LOST_COMPLETION_MS);
    this.#timers.set(route, timer);
    route.onEnd(() => {
      clearTimeout(timer);
      this.#timers.delete(route);
    });
  }

  /** Reads the thread of a turn again, and ends the turn if it has ended there. */
  async recover(route: TurnRoute, timeoutMs?: number): Promise<StoredTurn> {
    const stored = await this.readStored(route.threadId, route.id, timeoutMs);
    clearTimeout(this.#timers.get(route));
    this.#timers.delete(route);
    if (stored.state === "ended") route.restore(stored.turn);
    else if (stored.state === "gone") route.cutOff("its thread is at rest");
    else if (route.isUnreadable) route.cutOff("its thread does not show the outcome");
    return stored;
  }

  /** Brings the stored items of a turn that was followed over two connections, and ends it. */
  async #complete(route: TurnRoute): Promise<void> {
    const { threadId, activeTurnId } = route;
    let items: readonly unknown[] = [];
    await this.#dispatch(
      "thread/turns/list",
      { threadId, limit: TURNS_TO_SEARCH, sortDirection: "desc", itemsView: "full" },
      { ...OWN_LIMIT, onResult: (page) => (items = storedItemsOf(page, activeTurnId)) },
      // What was delivered is all there is to know then.
    ).catch(() => {});
    route.deliverEnd(items);
  }

  async #recoverAfterSign(route: TurnRoute): Promise<void> {
    if (route.end !== undefined) return;
    const { state } = await this.recover(route);
    // Nothing else may come that would end the turn.
    if (state === "unknown") route.cutOff("its thread cannot be read");
  }

  /** Reads what a thread has stored of a turn (`thread/read`). Never rejects. `timeoutMs` is a caller's limit. */
  async readStored(threadId: string, turnId: string, timeoutMs?: number): Promise<StoredTurn> {
    // An ephemeral thread has no stored turns, but a status.
    for (const includeTurns of [true, false]) {
      try {
        const params = { threadId, includeTurns };
        const response = await this.#dispatch("thread/read", params, {
          ...(timeoutMs === undefined ? OWN_LIMIT : { timeoutMs }),
          priority: "control",
        });
        return toStoredTurn(response, turnId);
      } catch {
        // Tried again without turns, and unknown after that.
      }
    }
    return { state: "unknown" };
  }
}

function storedItemsOf(page: unknown, turnId: string): readonly unknown[] {
  const turns: readonly unknown[] =
    isObject(page) && Array.isArray(page["data"]) ? page["data"] : [];
  const turn = turns.find((candidate) => isObject(candidate) && candidate["id"] === turnId);
  return isObject(turn) && Array.isArray(turn["items"]) ? turn["items"] : [];
}

/** The thread's status decides what runs: a turn that was killed stays `inProgress` in the history. */
function toStoredTurn(response: unknown, turnId: string): StoredTurn {
  const thread = isObject(response) ? response["thread"] : undefined;
  if (!isObject(thread)) return { state: "unknown" };
  const turns: readonly unknown[] = Array.isArray(thread["turns"]) ? thread["turns"] : [];
  const turn = turns.find((candidate) => isObject(candidate) && candidate["id"] === turnId);
  if (isEndedTurn(turn)) return { state: "ended", turn };
  const status = isObject(thread["status"]) ? thread["status"]["type"] : undefined;
  return isRestingStatus(typeof status === "string" ? status : undefined)
    ? { state: "gone" }
    : { state: "running" };
}
