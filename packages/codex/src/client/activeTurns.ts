import { isObject } from "../internal/isObject.js";
import { setImmediate } from "../internal/timers.js";
import { statusTypeOf, threadIdOf } from "../router/routingKeys.js";
import type { ThreadQueue } from "../router/threadQueue.js";
import { type Dispatch, OWN_LIMIT } from "./ownRequests.js";

/** Requests whose response brings a thread. */
const OPENING: ReadonlySet<string> = new Set([
  "thread/start",
  "thread/resume",
  "thread/fork",
  "thread/unarchive",
]);

/**
 * Marks the threads that a response shows as active, whoever sent the request, and finds out which turn
 * is active on each.
 */
export class ActiveTurns {
  readonly #threads: ThreadQueue;
  readonly #dispatch: Dispatch;
  readonly #naming = new Map<string, Promise<void>>();

  constructor(threads: ThreadQueue, dispatch: Dispatch) {
    this.#threads = threads;
    this.#dispatch = dispatch;
  }

  /** Number of threads whose active turn is being looked up. */
  get size(): number {
    return this.#naming.size;
  }

  /**
   * Notes the thread of a response, in the tick in which the response is read: the next message may be the
   * end of its turn. The status decides: the history may have a turn as `inProgress` that a crash has ended.
   */
  noteResponse(method: string, response: unknown): void {
    if (!OPENING.has(method) || !isObject(response) || !isObject(response["thread"])) return;
    const { thread } = response;
    const threadId = threadIdOf(response);
    if (threadId === undefined || statusTypeOf(thread) !== "active") return;
    this.#threads.noteActive(threadId, lastRunningTurn(thread["turns"]));
    if (this.#threads.occupantOf(threadId)?.isOwn === true || this.#naming.has(threadId)) return;
    const naming = this.#name(threadId).finally(() => this.#naming.delete(threadId));
    this.#naming.set(threadId, naming);
  }

  /** Resolves once the active turn of the thread is named, where there is one that can be. Never rejects. */
  async named(threadId: string): Promise<void> {
    await this.#naming.get(threadId);
  }

  /**
   * Waits for what the app-server has sent behind the response, which may be the end of the active turn;
   * asks for the id of a turn that is still active and has none (`thread/turns/list`).
   */
  async #name(threadId: string): Promise<void> {
    const threads = this.#threads;
    await new Promise<void>((resolve) => setImmediate(resolve));
    const occupant = threads.occupantOf(threadId);
    if (occupant === undefined || occupant.isOwn || occupant.turnId !== null) return;
    const params = { threadId, limit: 1, sortDirection: "desc" };
    const onResult = (response: unknown) => {
      const turns = isObject(response) ? response["data"] : undefined;
      // The turn may have ended, or been named, while the request was in flight.
      if (threads.occupantOf(threadId) !== occupant || occupant.turnId !== null) return;
      const turnId = lastRunningTurn(turns);
      if (turnId !== null) threads.noteActive(threadId, turnId);
      // After a review, the runtime reports its thread as active for good.
      else if (Array.isArray(turns)) threads.noteEnded(threadId, undefined);
    };
    // A runtime that does not list turns leaves the turn without a name until it sends one.
    await this.#dispatch("thread/turns/list", params, { ...OWN_LIMIT, onResult }).catch(() => {});
  }
}

function lastRunningTurn(turns: unknown): string | null {
  const list: readonly unknown[] = Array.isArray(turns) ? turns : [];
  for (const turn of list.toReversed()) {
    if (!isObject(turn) || turn["status"] !== "inProgress") continue;
    return typeof turn["id"] === "string" ? turn["id"] : null;
  }
  return null;
}
