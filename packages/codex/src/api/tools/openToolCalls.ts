import { isObject } from "../../internal/isObject.js";
import type { Observers } from "../../router/observers.js";
import { threadIdOf } from "../../router/routingKeys.js";
import type { ServerRequestRouter } from "../../router/serverRequestRouter.js";
import type { NotificationMessage, RequestId } from "../../rpc/message.js";

/** Thread and item of an open call. */
interface OpenCall {
  readonly threadId: string;
  readonly callId: string;
}

/**
 * Resolves the tool calls whose result is not used any more. The runtime does not send
 * `serverRequest/resolved` for a call in an interrupted turn, only the end of its item.
 */
export class OpenToolCalls {
  readonly #serverRequests: ServerRequestRouter;
  readonly #calls = new Map<RequestId, OpenCall>();

  constructor(serverRequests: ServerRequestRouter) {
    this.#serverRequests = serverRequests;
  }

  /** Number of calls without a response. */
  get size(): number {
    return this.#calls.size;
  }

  /** Registers a call. Returns the function to call once the call has its response. */
  open(requestId: RequestId, call: OpenCall): () => void {
    this.#calls.set(requestId, call);
    return () => {
      if (this.#calls.get(requestId) === call) this.#calls.delete(requestId);
    };
  }

  /** Follows the notifications that end calls. */
  observe(observers: Observers): void {
    observers.add(["item/completed", "turn/completed"], (message) => this.#resolve(message));
  }

  #resolve({ method, params }: NotificationMessage): void {
    if (this.#calls.size === 0) return;
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
