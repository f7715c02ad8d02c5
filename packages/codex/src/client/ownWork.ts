import { isObject } from "../internal/isObject.js";
import type { Observers } from "../router/observers.js";
import { threadIdOf, turnIdOf } from "../router/routingKeys.js";
import type { SubscribedThreads } from "../router/subscribedThreads.js";
import { ENDING_METHODS } from "../router/threadEvents.js";
import type { ThreadQueue } from "../router/threadQueue.js";

/**
 * The work that this client has started on threads, by whichever method and handle: what its turns ask for
 * is this client's to answer, on a runtime that other clients may use.
 */
export class OwnWork {
  readonly #threads: ThreadQueue;
  readonly #subscriptions: SubscribedThreads;
  /** Threads with a goal that this client has set, whose turns the runtime starts by itself. */
  readonly #goals = new Set<string>();

  constructor(threads: ThreadQueue, subscriptions: SubscribedThreads) {
    this.#threads = threads;
    this.#subscriptions = subscriptions;
  }

  /** Number of goals that this client has set and that have not ended. */
  get goals(): number {
    return this.#goals.size;
  }

  /** Returns whether this client has started what runs on the thread. */
  has(threadId: string): boolean {
    return this.#threads.occupantOf(threadId)?.isOwn === true || this.#goals.has(threadId);
  }

  /** Notes what a request has started, in the tick in which its response is read. */
  noteResponse(method: string, params: unknown, result: unknown): void {
    const threadId = threadIdOf(params);
    if (threadId === undefined || !isObject(result)) return;
    if (method === "thread/goal/set") this.#noteGoal(threadId, result["goal"]);
    if (method !== "turn/start" && method !== "review/start") return;
    const { reviewThreadId } = result;
    const runsOn = typeof reviewThreadId === "string" ? reviewThreadId : threadId;
    const turnId = turnIdOf(result);
    // Of a thread that is not subscribed to, nobody would see the end of the turn.
    if (turnId === undefined || !this.#subscriptions.has(runsOn)) return;
    // A thread that is busy has a slot of this client, or a turn of another client, which the input joins.
    if (this.#threads.occupantOf(runsOn) === undefined) this.#threads.noteOwn(runsOn, turnId);
  }

  /** Follows the notifications that end goals. */
  observe(observers: Observers): void {
    observers.add(["thread/goal/updated"], ({ params }) => {
      const threadId = threadIdOf(params) ?? "";
      if (isObject(params) && this.#goals.has(threadId)) this.#noteGoal(threadId, params["goal"]);
    });
    observers.add(["thread/goal/cleared", ...ENDING_METHODS], ({ params }) => {
      this.#goals.delete(threadIdOf(params) ?? "");
    });
  }

  #noteGoal(threadId: string, goal: unknown): void {
    if (isObject(goal) && goal["status"] === "active") this.#goals.add(threadId);
    else this.#goals.delete(threadId);
  }
}
