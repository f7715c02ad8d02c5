import { threadIdOf } from "../../router/routingKeys.js";
import type { ServerRequestRouter } from "../../router/serverRequestRouter.js";
import { isObject, type NotificationMessage, type RequestId } from "../../rpc/message.js";

/** What an open call belongs to. */
interface OpenCall {
  readonly threadId: string;
  readonly callId: string;
}

/**
 * Ends the tool calls that nobody waits for any more. The runtime does not say that it has resolved
 * the request of a call in an interrupted turn: all that comes is the end of its item.
 */
export class OpenToolCalls {
  readonly #serverRequests: ServerRequestRouter;
  readonly #calls = new Map<RequestId, OpenCall>();

  constructor(serverRequests: ServerRequestRouter) {
    this.#serverRequests = serverRequests;
  }

  /** Notes a call; returns how to say that it was answered. */
  open(requestId: RequestId, call: OpenCall): () => void {
    this.#calls.set(requestId, call);
    return () => {
      if (this.#calls.get(requestId) === call) this.#calls.delete(requestId);
    };
  }

  observe({ method, params }: NotificationMessage): void {
    if (this.#calls.size === 0) return;
    if (method !== "item/completed" && method !== "turn/completed") return;
    const threadId = threadIdOf(params);
    const item = isObject(params) ? params["item"] : undefined;
    const itemId = isObject(item) ? item["id"] : undefined;
    for (const [requestId, call] of this.#calls) {
      if (call.threadId !== threadId) continue;
      if (method === "item/completed" && call.callId !== itemId) continue;
      this.#calls.delete(requestId);
      this.#serverRequests.resolve({ requestId });
    }
  }
}
