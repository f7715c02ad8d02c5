import type { NotificationMessage } from "../rpc/message.js";
import { rootTurnIdOf, threadIdOf, turnIdOf } from "./routingKeys.js";

/** So many turns are remembered as possible beginnings of sub-agents; the oldest is forgotten then. */
const MAX_TURNS = 256;

/**
 * Knows which thread a sub-agent's thread works for. The runtime announces no such thread; but the
 * turns of one bear the id of the turn that the work began with.
 */
export class SubAgentThreads {
  readonly #threadsOfTurns = new Map<string, string>();
  readonly #ownersOfThreads = new Map<string, string>();

  /** The thread that this one works for; `undefined` when it is nobody's sub-agent. */
  ownerOf(threadId: string): string | undefined {
    return this.#ownersOfThreads.get(threadId);
  }

  observe({ method, params }: NotificationMessage): void {
    if (method === "turn/started") this.#noteStarted(params);
    else if (method === "thread/closed" || method === "thread/deleted") {
      this.#ownersOfThreads.delete(threadIdOf(params) ?? "");
    }
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
