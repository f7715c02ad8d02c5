import type { Observers } from "./observers.js";
import { rootTurnIdOf, threadIdOf, turnIdOf } from "./routingKeys.js";
import { CLOSING_METHODS } from "./threadEvents.js";

/** Number of turns that are remembered as possible beginnings of sub-agents; the oldest is dropped first. */
const MAX_TURNS = 256;

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
    if (rootTurnId === turnId) this.#noteTurn(turnId, threadId);
    else {
      const owner = this.#threadsOfTurns.get(rootTurnId);
      if (owner !== undefined && owner !== threadId) this.#ownersOfThreads.set(threadId, owner);
    }
  }

  #noteTurn(turnId: string, threadId: string): void {
    this.#threadsOfTurns.set(turnId, threadId);
    const [oldest] = this.#threadsOfTurns.keys();
    if (this.#threadsOfTurns.size > MAX_TURNS && oldest !== undefined) {
      this.#threadsOfTurns.delete(oldest);
    }
  }
}
