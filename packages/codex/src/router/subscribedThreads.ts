import { isObject } from "../internal/isObject.js";
import type { Observers } from "./observers.js";
import { statusTypeOf, threadIdOf } from "./routingKeys.js";
import { ENDING_METHODS } from "./threadEvents.js";

/** Requests whose response subscribes the connection to the thread that it brings. */
const SUBSCRIBING: ReadonlySet<string> = new Set(["thread/start", "thread/resume", "thread/fork"]);

const UNSUBSCRIBING = "thread/unsubscribe";

/**
 * The threads whose notifications this connection receives. A thread that is loaded but not subscribed
 * to accepts a turn and reports only its status, so that nobody would see the turn's end.
 */
export class SubscribedThreads {
  readonly #ids = new Set<string>();

  /** Number of threads, for tests. */
  get size(): number {
    return this.#ids.size;
  }

  /** Empties the list, because the connection has ended, and returns the threads. */
  takeAll(): readonly string[] {
    const ids = [...this.#ids];
    this.#ids.clear();
    return ids;
  }

  has(threadId: string): boolean {
    return this.#ids.has(threadId);
  }

  /** Notes what a request is about to change: its caller may leave before the response is read. */
  noteRequest(method: string, params: unknown): void {
    if (method === UNSUBSCRIBING) this.#delete(params);
  }

  /** Notes what a response changes, in the tick in which it is read. */
  noteResponse(method: string, params: unknown, result: unknown): void {
    if (SUBSCRIBING.has(method)) {
      const thread = isObject(result) ? result["thread"] : undefined;
      if (isObject(thread) && typeof thread["id"] === "string") this.#ids.add(thread["id"]);
    } else if (method === UNSUBSCRIBING) this.#delete(params);
  }

  /** Follows the notifications that end a subscription. */
  observe(observers: Observers): void {
    observers.add(ENDING_METHODS, ({ params }) => this.#delete(params));
    observers.add(["thread/status/changed"], ({ params }) => {
      if (statusTypeOf(params) === "notLoaded") this.#delete(params);
    });
  }

  #delete(params: unknown): void {
    this.#ids.delete(threadIdOf(params) ?? "");
  }
}
