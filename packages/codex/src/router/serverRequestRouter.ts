import { isObject } from "../internal/isObject.js";
import type { Answer } from "../rpc/connectionListener.js";
import type { RequestMessage } from "../rpc/message.js";
import { traceOperation } from "../tracing/operation.js";
import type { Observers } from "./observers.js";
import { threadIdOf, turnIdOf } from "./routingKeys.js";
import { ENDING_METHODS } from "./threadEvents.js";

/** Context of a server request, beside the request itself. */
export interface ServerRequestContext {
  /** Aborted when the app-server resolves the request without this client, or the connection ends. */
  readonly signal: AbortSignal;
}

/** Handles a request of the app-server. `undefined` passes it on to the next handler. */
export type ServerRequestHandler = (
  request: RequestMessage,
  context: ServerRequestContext,
) => unknown;

/** Makes the default response, after no handler answered, or one failed with `error`. Never grants anything; `undefined` leaves the request to other clients. */
export type FallbackAnswer = (request: RequestMessage, error?: unknown) => Answer | undefined;

/** Order of the handlers: those of a thread, then those of one method, then those of all methods. */
const RANKS = ["thread", "method", "general"] as const;

/** Place of a handler in the order. Of handlers of one method the latest comes first, of general ones the earliest. */
export type HandlerRank = (typeof RANKS)[number];

interface RegisteredHandler {
  readonly rank: HandlerRank;
  /** The method that is handled; `undefined` for every method. */
  readonly method: string | undefined;
  readonly handler: ServerRequestHandler;
}

interface OpenRequest {
  readonly request: RequestMessage;
  readonly controller: AbortController;
  readonly threadId: string | undefined;
  /** Sends the answer; `undefined` while the connection is lost. */
  answer: ((answer: Answer) => void) | undefined;
  /** Outcome of the handlers, once they have finished while the connection was lost. */
  outcome: { readonly answer: Answer | undefined } | undefined;
}

/**
 * Answers each request of the app-server at most once, without holding up the messages behind it: by
 * the first handler in the list that returns a result, else by the fallback.
 */
export class ServerRequestRouter {
  readonly #fallback: FallbackAnswer;
  readonly #onHandlerError: (error: unknown, request: RequestMessage) => void;
  readonly #onIdle: (threadId: string | undefined) => void;
  readonly #handlers: RegisteredHandler[] = [];
  // By the id, and looked up by whatever the app-server sends as one.
  readonly #open = new Map<unknown, OpenRequest>();

  /** `onIdle` is called after each request, with its thread. */
  constructor(
    fallback: FallbackAnswer,
    onHandlerError: (error: unknown, request: RequestMessage) => void,
    onIdle: (threadId: string | undefined) => void = () => {},
  ) {
    this.#fallback = fallback;
    this.#onHandlerError = onHandlerError;
    this.#onIdle = onIdle;
  }

  /** Number of requests that handlers are working on. */
  get openRequests(): number {
    return this.#open.size;
  }

  /** Returns whether a handler is working on a request of a thread that is selected. */
  isHandling(isSelected: (threadId: string) => boolean): boolean {
    for (const { threadId } of this.#open.values()) {
      if (threadId !== undefined && isSelected(threadId)) return true;
    }
    return false;
  }

  /** Adds a handler for one method, or (`undefined`) for all; returns a function that removes it. */
  add(rank: HandlerRank, method: string | undefined, handler: ServerRequestHandler): () => void {
    const registered = { rank, method, handler };
    const isLast = rank === "general";
    const position = isLast
      ? -1
      : this.#handlers.findIndex((other) => RANKS.indexOf(other.rank) >= RANKS.indexOf(rank));
    this.#handlers.splice(position === -1 ? this.#handlers.length : position, 0, registered);
    return () => {
      const index = this.#handlers.indexOf(registered);
      if (index >= 0) this.#handlers.splice(index, 1);
    };
  }

  dispatch(request: RequestMessage, answer: (answer: Answer) => void): void {
    if (this.#isAtWork(request, answer)) return;
    const open: OpenRequest = {
      request,
      controller: new AbortController(),
      threadId: threadIdOf(request.params),
      answer,
      outcome: undefined,
    };
    this.#open.set(request.id, open);
    const { method, params } = request;
    const { signal } = open.controller;
    const answered = traceOperation(
      "serverRequest",
      () => ({ method, threadId: open.threadId, turnId: turnIdOf(params) }),
      () => this.#answer(request, signal),
      { signal, toFacts: (outcome) => ({ response: responseKindOf(outcome) }) },
    );
    void answered.then((outcome) => {
      open.outcome = { answer: outcome };
      // Without a connection, the answer waits for the app-server to repeat the request.
      if (open.answer !== undefined) this.#finish(open);
      this.#onIdle(open.threadId);
    });
  }

  /** Keeps the open requests, whose answers wait for the app-server to repeat them over another connection. */
  suspend(): void {
    for (const open of this.#open.values()) open.answer = undefined;
  }

  /** Ends the requests of a turn that has ended while the connection was lost: nobody repeats them. */
  endSuspended(threadId: string | undefined): void {
    for (const open of this.#open.values()) {
      if (open.answer !== undefined || open.threadId !== threadId) continue;
      this.#abort(open, new Error("The turn has ended."));
    }
  }

  /** Ends the requests that a notification resolves: one by its id, or all of a thread that has ended. */
  observe(observers: Observers): void {
    observers.add(["serverRequest/resolved"], ({ params }) => this.resolve(params));
    observers.add(ENDING_METHODS, ({ params }) => this.#endThread(threadIdOf(params)));
  }

  /** Ends a request that the app-server has resolved without a response of this client. */
  resolve(params: unknown): void {
    const requestId = isObject(params) ? params["requestId"] : undefined;
    const open = this.#open.get(requestId);
    if (open === undefined) return;
    this.#abort(open, new Error("The app-server has resolved this request by itself."));
  }

  /** Returns whether the handlers have this request already: the app-server repeats open ones when a thread is resumed. */
  #isAtWork(request: RequestMessage, answer: (answer: Answer) => void): boolean {
    const open = this.#open.get(request.id);
    if (open === undefined) return false;
    if (open.answer !== undefined) return true;
    if (!isSameRequest(open.request, request)) {
      // A runtime that was started anew counts its requests from the start.
      this.#abort(open, new Error("The app-server has been replaced."));
      return false;
    }
    open.answer = answer;
    if (open.outcome !== undefined) this.#finish(open);
    return true;
  }

  #finish(open: OpenRequest): void {
    if (this.#open.get(open.request.id) === open) this.#open.delete(open.request.id);
    const answer = open.outcome?.answer;
    // A request that the app-server has resolved gets no late response.
    if (answer !== undefined && !open.controller.signal.aborted) open.answer?.(answer);
  }

  #abort(open: OpenRequest, reason: Error): void {
    this.#open.delete(open.request.id);
    open.controller.abort(reason);
  }

  #endThread(threadId: string | undefined): void {
    for (const open of this.#open.values()) {
      if (threadId === undefined || open.threadId !== threadId) continue;
      this.#abort(open, new Error(`Thread ${threadId} has ended.`));
    }
  }

  fail(reason: Error): void {
    const requests = [...this.#open.values()];
    this.#open.clear();
    for (const { controller } of requests) controller.abort(reason);
  }

  async #answer(request: RequestMessage, signal: AbortSignal): Promise<Answer | undefined> {
    try {
      for (const { method, handler } of this.#handlers.slice()) {
        if (method !== undefined && method !== request.method) continue;
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

function responseKindOf(outcome: Answer | undefined): "result" | "error" | "none" {
  if (outcome === undefined) return "none";
  return "result" in outcome ? "result" : "error";
}

function isSameRequest(one: RequestMessage, other: RequestMessage): boolean {
  return one.method === other.method && JSON.stringify(one.params) === JSON.stringify(other.params);
}
