import { setBounded } from "../internal/boundedMap.js";
import type { Observers } from "./observers.js";
import { rootTurnIdOf, threadIdOf, turnIdOf } from "./routingKeys.js";
import { CLOSING_METHODS } from "./threadEvents.js";

/** Number of turns that are remembered as possible beginnings of sub-agents; the oldest is dropped first. */
const MAX_TURNS = 256;
/** Number of sub-agents' threads that are remembered: the runtime does not announce the end of each. */
const MAX_THREADS = 1024;

/**
 * Maps the thread of each sub-agent to the thread that the sub-agent works for. The runtime does not
 * announce such a thread, but its turns have the id of the turn that the work began with.
 */
export class SubAgentThreads {
  readonly #threadsOfTurns = new Map<string, string>();
  readonly #ownersOfThreads = new Map<string, string>();

  /** Returns the thread that this one works for; `undefined` when it is not a sub-agent's. */
  ownerOf(threadId: string): string | undefined {
    return this.#ownersOfThreads.get(threadId);
  }

  /** Returns the thread that this one works for, or else this one. */
  rootOf(threadId: string): string {
    return this.ownerOf(threadId) ?? threadId;
  }

  /** Follows the notifications that begin and end the threads of sub-agents. */
  observe(observers: Observers): void {
    observers.add(["turn/started"], ({ params }) => this.#noteStarted(params));
    observers.add(CLOSING_METHODS, ({ params }) => {
      this.#ownersOfThreads.delete(threadIdOf(params) ?? "");
    });
  }

  #noteStarted(params: unknown): void {
    const threadId = threadIdOf(params);
    if (threadId === undefined) return;
    const turnId = turnIdOf(params);
    const rootTurnId = rootTurnIdOf(params) ?? turnId;
    if (turnId === undefined || rootTurnId === undefined) return;
    if (rootTurnId === turnId) setBounded(this.#threadsOfTurns, turnId, threadId, MAX_TURNS);
    else {
      const owner = this.#threadsOfTurns.get(rootTurnId);
      if (owner === undefined || owner === threadId) return;
      setBounded(this.#ownersOfThreads, threadId, owner, MAX_THREADS);
    }
  }
}
