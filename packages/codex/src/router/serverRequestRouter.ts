import type { Answer } from "../rpc/connection.js";
import { isObject, type RequestMessage } from "../rpc/message.js";

/** What a handler is given beside the request. */
export interface ServerRequestContext {
  /** Aborted when the runtime resolves the request by itself, or the connection ends. */
  readonly signal: AbortSignal;
}

/** Answers a request of the runtime. `undefined` passes it on to the next handler. */
export type ServerRequestHandler = (
  request: RequestMessage,
  context: ServerRequestContext,
) => unknown;

/** What is answered when no handler did, or one failed with `error`. Never grants anything. */
export type FallbackAnswer = (request: RequestMessage, error?: unknown) => Answer;

/**
 * Sees to it that each request of the runtime gets exactly one answer, without ever holding up the
 * messages behind it: from the handler of its method, else from the general ones, else the fallback.
 */
export class ServerRequestRouter {
  readonly #fallback: FallbackAnswer;
  readonly #onHandlerError: (error: unknown, request: RequestMessage) => void;
  readonly #first = new Map<string, ServerRequestHandler>();
  readonly #byMethod = new Map<string, ServerRequestHandler>();
  readonly #general: ServerRequestHandler[] = [];
  // By the id, and looked up by whatever the runtime says is one.
  readonly #open = new Map<unknown, AbortController>();

  constructor(
    fallback: FallbackAnswer,
    onHandlerError: (error: unknown, request: RequestMessage) => void,
  ) {
    this.#fallback = fallback;
    this.#onHandlerError = onHandlerError;
  }

  /** Handles one method before any other handler is asked; those are when it passes the request on. */
  handleFirst(method: string, handler: ServerRequestHandler): void {
    this.#first.set(method, handler);
  }

  /** Handles one method; replaces the handler before it. Returns how to take it away. */
  handle(method: string, handler: ServerRequestHandler): () => void {
    this.#byMethod.set(method, handler);
    return () => {
      if (this.#byMethod.get(method) === handler) this.#byMethod.delete(method);
    };
  }

  /** Adds a handler that is asked about every method that has none of its own, in order of adding. */
  handleOthers(handler: ServerRequestHandler): void {
    this.#general.push(handler);
  }

  dispatch(request: RequestMessage, answer: (answer: Answer) => void): void {
    // The runtime repeats what is still open when a thread is resumed: its handler is at work already.
    if (this.#open.has(request.id)) return;
    const controller = new AbortController();
    this.#open.set(request.id, controller);
    void this.#answer(request, controller.signal).then((outcome) => {
      if (this.#open.get(request.id) === controller) this.#open.delete(request.id);
      // What the runtime has resolved by itself gets no late answer.
      if (!controller.signal.aborted) answer(outcome);
    });
  }

  /** The runtime has resolved one of its requests without our answer. */
  resolve(params: unknown): void {
    const requestId = isObject(params) ? params["requestId"] : undefined;
    this.#open.get(requestId)?.abort(new Error("The runtime has resolved this request by itself."));
    this.#open.delete(requestId);
  }

  fail(reason: Error): void {
    for (const controller of this.#open.values()) controller.abort(reason);
    this.#open.clear();
  }

  async #answer(request: RequestMessage, signal: AbortSignal): Promise<Answer> {
    const { method } = request;
    const handlers = [this.#first.get(method), this.#byMethod.get(method), ...this.#general];
    try {
      for (const handler of handlers) {
        if (handler === undefined) continue;
        const result = await handler(request, { signal });
        if (result !== undefined) return { result };
      }
    } catch (error) {
      if (!signal.aborted) this.#onHandlerError(error, request);
      return this.#fallback(request, error);
    }
    return this.#fallback(request);
  }
}
