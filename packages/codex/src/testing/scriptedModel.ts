/// <reference lib="esnext.disposable" preserve="true" />
import type { ServerResponse } from "node:http";

import {
  checkCount,
  checkFunction,
  checkOneOf,
  checkOptions,
  checkSignal,
  describeValue,
  optionsOf,
} from "../internal/validate.js";
import { Gate } from "./gate.js";
import { ModelRequest, type ReceivedRequest } from "./modelRequest.js";
import { answerError, answerJson, type ModelServer, startModelServer } from "./modelServer.js";
import { RequestLog } from "./requestLog.js";
import { isReviewRequest, REVIEW_MODES, type ReviewMode, reviewResponse } from "./reviews.js";
import { failure } from "./steps/endingSteps.js";
import {
  message,
  type MessageOptions,
  streamedMessage,
  type StreamPart,
} from "./steps/messageSteps.js";
import { ResponseStream } from "./steps/responseStream.js";
import { checkSteps, playSteps, type ScriptStep } from "./steps/stepKinds.js";
import { functionCall, type FunctionCallOptions } from "./steps/toolCallSteps.js";

/** The name of the only model that a `ScriptedModel` lists. The runtime has no metadata for it. */
export const SCRIPTED_MODEL_NAME = "mock-model";

/** The number of requests of each kind that are kept by default. */
const DEFAULT_KEPT_REQUESTS = 1000;

/** Chooses the response to one request. `undefined` takes the next one of the queue. */
export type Responder = (
  request: ModelRequest,
) => readonly ScriptStep[] | undefined | Promise<readonly ScriptStep[] | undefined>;

/** Options of `ScriptedModel.start()`. */
export interface ScriptedModelOptions {
  /**
   * Response to review requests of the approval mode `auto_review`: an approval (`"allow"`), a
   * refusal (`"deny"`), or by the script like any other request (`"script"`).
   *
   * @default "allow"
   */
  readonly reviews?: ReviewMode | undefined;
  /**
   * Number of requests that `requests`, `unscripted`, `reviewRequests` and `otherRequests` keep each. The
   * oldest are dropped, so that an endless script needs no more memory with time. Together, their bodies
   * are kept up to 64 Mi characters.
   *
   * @default 1000
   */
  readonly keptRequests?: number | undefined;
}

const MODEL_OPTIONS = optionsOf<ScriptedModelOptions>({
  reviews: (name, value) => checkOneOf(name, value, REVIEW_MODES),
  keptRequests: checkCount,
});

const WAIT_OPTIONS = optionsOf<{ readonly signal?: AbortSignal | undefined }>({
  signal: checkSignal,
});

/**
 * An HTTP server on 127.0.0.1 that answers the Responses API from a script and records the requests.
 * Responses are given in the order in which they were enqueued, one for each request; where several
 * threads run at once, `respond()` chooses by the request. A request without a script fails its turn
 * with an error that names the request, and is added to `unscripted`.
 */
export class ScriptedModel implements AsyncDisposable {
  /** The provider's `base_url`, ending in `/v1`. */
  readonly url: string;
  readonly #server: ModelServer;
  readonly #reviews: ReviewMode;
  readonly #queue: (readonly ScriptStep[])[] = [];
  readonly #gates = new Set<Gate>();
  readonly #log: RequestLog<ModelRequest>;
  readonly #unscripted: RequestLog<ModelRequest>;
  readonly #reviewLog: RequestLog<ModelRequest>;
  readonly #others: RequestLog<ReceivedRequest>;
  #responder: Responder | undefined;
  #closed: Promise<void> | undefined;

  private constructor(server: ModelServer, options: ScriptedModelOptions) {
    const { reviews = "allow", keptRequests = DEFAULT_KEPT_REQUESTS } = options;
    this.#server = server;
    this.#reviews = reviews;
    this.#log = new RequestLog(keptRequests);
    this.#unscripted = new RequestLog(keptRequests);
    this.#reviewLog = new RequestLog(keptRequests);
    this.#others = new RequestLog(keptRequests);
    this.url = `http://127.0.0.1:${server.port}/v1`;
  }

  /**
   * Starts a model on a free port of 127.0.0.1. Close it at the end of the test.
   *
   * @throws InvalidOptionError
   */
  static async start(options: ScriptedModelOptions = {}): Promise<ScriptedModel> {
    checkOptions("ScriptedModel.start()", options, MODEL_OPTIONS);
    const server = await startModelServer((received, response) =>
      model.#answer(received, response),
    );
    const model = new ScriptedModel(server, options);
    return model;
  }

  /**
   * The newest requests, in the order in which they came. Review requests are in `reviewRequests`. See
   * `requestCount` for the number of all, and `ModelRequest.number` for the place of one.
   */
  get requests(): readonly ModelRequest[] {
    return this.#log.requests;
  }

  /** The number of all requests, those included that `requests` has dropped. */
  get requestCount(): number {
    return this.#log.count;
  }

  /** The newest of `requests` that found no script. A test that expects none checks that it is empty. */
  get unscripted(): readonly ModelRequest[] {
    return this.#unscripted.requests;
  }

  /** The newest review requests that were answered by the option `reviews`. */
  get reviewRequests(): readonly ModelRequest[] {
    return this.#reviewLog.requests;
  }

  /** The newest of all other requests, such as `GET /models`. */
  get otherRequests(): readonly ReceivedRequest[] {
    return this.#others.requests;
  }

  /** The number of enqueued responses that have not been given yet. */
  get pendingResponses(): number {
    return this.#queue.length;
  }

  /**
   * Adds one response, made of these steps. Without a step it is a response without items.
   *
   * @throws InvalidOptionError where a step follows one that ends the response.
   */
  enqueue(...response: ScriptStep[]): this {
    checkSteps(response);
    this.#queue.push(response);
    return this;
  }

  /**
   * Adds a response that is one message.
   *
   * @throws InvalidOptionError
   */
  reply(content: string, options?: MessageOptions): this {
    return this.enqueue(message(content, options));
  }

  /**
   * Adds a response that is one streamed message: a delta for each string, a pause for each gate or delay.
   *
   * @throws InvalidOptionError
   */
  streamText(parts: Iterable<StreamPart>, options?: MessageOptions): this {
    return this.enqueue(streamedMessage(parts, options));
  }

  /**
   * Adds a response that calls a tool. The runtime runs the tool and sends a second request, which needs
   * a response of its own.
   *
   * @throws InvalidOptionError
   */
  callFunction(name: string, args: object | string, options?: FunctionCallOptions): this {
    return this.enqueue(functionCall(name, args, options));
  }

  /**
   * Adds a response that fails with `response.failed`.
   *
   * @throws InvalidOptionError
   */
  fail(code: string, content: string): this {
    return this.enqueue(failure(code, content));
  }

  /**
   * Asks `responder` first for each request from now on, in place of an earlier responder. A responder
   * that throws fails the turn with an error that shows what was thrown.
   *
   * @throws InvalidOptionError
   */
  respond(responder: Responder): this {
    checkFunction("responder", responder);
    this.#responder = responder;
    return this;
  }

  /** Makes a gate, to be used as a step or as a part of a streamed message. Closing the model ends it. */
  gate(): Gate {
    const gate = new Gate();
    if (this.#closed !== undefined) gate.abandon();
    else {
      this.#gates.add(gate);
      const forget = () => this.#gates.delete(gate);
      gate.reached.then(forget, forget);
    }
    return gate;
  }

  /**
   * Resolves with `requests` as soon as there have been `count` of them. Rejects with the signal's reason
   * when it aborts, and with a `CodexError` (`CLOSED`) when the model is closed first.
   *
   * @throws InvalidOptionError
   */
  async waitForRequests(
    count: number,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<readonly ModelRequest[]> {
    if (count !== 0) checkCount("count", count);
    checkOptions("waitForRequests()", options, WAIT_OPTIONS);
    return this.#log.wait(count, options.signal);
  }

  /** Cuts every open connection, ends every gate and frees the port. A second call does nothing. */
  close(): Promise<void> {
    if (this.#closed === undefined) {
      for (const gate of this.#gates) gate.abandon();
      this.#log.close();
      this.#closed = this.#server.close();
    }
    return this.#closed;
  }

  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #answer(received: ReceivedRequest, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(received.path, this.url);
    if (received.method !== "POST" || !pathname.endsWith("/responses")) {
      this.#others.add(received);
      if (received.method === "GET" && pathname.endsWith("/models")) answerModels(response);
      else answerError(response, 404, `${received.method} ${received.path} is not served here.`);
      return;
    }
    const leaving = new AbortController();
    response.once("close", () => leaving.abort());
    const script = await this.#scriptFor(received);
    if (script.steps === undefined) {
      answerError(response, 400, script.problem);
      return;
    }
    checkSteps(script.steps);
    await playSteps(script.steps, new ResponseStream(response, script.id, leaving.signal));
  }

  async #scriptFor(received: ReceivedRequest): Promise<Script> {
    const request = new ModelRequest(this.#log.count + 1, received);
    if (this.#reviews !== "script" && isReviewRequest(request)) {
      const review = new ModelRequest(this.#reviewLog.count + 1, received);
      this.#reviewLog.add(review);
      return { id: `review_${review.number}`, steps: reviewResponse(this.#reviews) };
    }
    // Taken in the tick in which the request is recorded: a caller that waits for it may enqueue at once.
    const fromQueue = this.#responder === undefined ? this.#queue.shift() : undefined;
    this.#log.add(request);
    const steps = fromQueue ?? (await this.#responder?.(request)) ?? this.#queue.shift();
    if (steps !== undefined) return { id: `${request.number}`, steps };
    this.#unscripted.add(request);
    const asked = describeValue(request.lastUserText() ?? "");
    const problem = `the script of ScriptedModel has no step for request #${request.number} (the last user text is ${asked}): add a step with enqueue(), reply() or respond().`;
    return { steps, problem };
  }
}

/** The steps for one request, and the number by which its response and items are named. */
type Script =
  | { readonly steps: readonly ScriptStep[]; readonly id: string }
  | { readonly steps: undefined; readonly problem: string };

function answerModels(response: ServerResponse): void {
  const data = [
    { id: SCRIPTED_MODEL_NAME, object: "model", created: 0, owned_by: "scripted-model" },
  ];
  answerJson(response, 200, { object: "list", data });
}
