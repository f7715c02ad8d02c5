/// <reference lib="esnext.disposable" preserve="true" />
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

import { CodexError } from "../errors.js";
import { Gate } from "./gate.js";
import { ModelRequest, type ReceivedRequest } from "./modelRequest.js";
import { RequestLog } from "./requestLog.js";
import { checkSteps, playResponse } from "./responsePlayer.js";
import * as steps from "./steps.js";

/** The name of the one model that a `ScriptedModel` lists: unknown to the runtime, so it offers its plain tools. */
export const SCRIPTED_MODEL_NAME = "mock-model";

/** Chooses the answer to one request; `undefined` leaves it to the queue. */
export type Responder = (
  request: ModelRequest,
) => readonly steps.ScriptStep[] | undefined | Promise<readonly steps.ScriptStep[] | undefined>;

/**
 * An HTTP server on the loopback that answers the Responses API from a script, and records what it was
 * asked. Responses are given in the order in which they were enqueued, one for each request; where
 * several threads run at once, `respond()` chooses by the request. A request for which there is no
 * script gets HTTP 500 that says so, and stands in `unscripted`.
 */
export class ScriptedModel implements AsyncDisposable {
  /** The provider's `base_url`, ending in `/v1`. */
  readonly url: string;
  readonly #server: Server;
  readonly #queue: (readonly steps.ScriptStep[])[] = [];
  readonly #gates: Gate[] = [];
  readonly #log = new RequestLog();
  readonly #unscripted: ModelRequest[] = [];
  readonly #others: ReceivedRequest[] = [];
  #responder: Responder | undefined;
  #closed: Promise<void> | undefined;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}/v1`;
    server.on("request", (request, response) => void this.#handle(request, response));
  }

  /** Starts a server on a free port of 127.0.0.1. Close it when the test ends. */
  static async start(): Promise<ScriptedModel> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (address === null || typeof address === "string") {
      server.close();
      throw new CodexError("CONNECT_FAILED", `The scripted model has no port: ${String(address)}`);
    }
    return new ScriptedModel(server, address.port);
  }

  /** The requests to the model, in the order in which they came. */
  get requests(): readonly ModelRequest[] {
    return this.#log.requests;
  }

  /** Those of `requests` that found no script. A test that expects none should check that it is empty. */
  get unscripted(): readonly ModelRequest[] {
    return this.#unscripted;
  }

  /** All other requests, such as `GET /models`. */
  get otherRequests(): readonly ReceivedRequest[] {
    return this.#others;
  }

  /** How many enqueued responses have not been given yet. */
  get pendingResponses(): number {
    return this.#queue.length;
  }

  /**
   * Adds one response, made of these steps; no step at all is a response without items.
   * @throws InvalidOptionError where a step follows one that ends the response.
   */
  enqueue(...response: steps.ScriptStep[]): this {
    checkSteps(response);
    this.#queue.push(response);
    return this;
  }

  /** Adds a response that is one message. */
  reply(content: string, options?: steps.MessageOptions): this {
    return this.enqueue(steps.message(content, options));
  }

  /** Adds a response that is one streamed message: a delta for each string, a pause for each gate or delay. */
  streamText(parts: Iterable<steps.StreamPart>, options?: steps.MessageOptions): this {
    return this.enqueue(steps.streamedMessage(parts, options));
  }

  /** Adds a response that calls a tool. The runtime runs it, and asks again: enqueue that answer too. */
  callFunction(name: string, args: object | string, options?: steps.FunctionCallOptions): this {
    return this.enqueue(steps.functionCall(name, args, options));
  }

  /** Adds a response that fails with `response.failed`. */
  fail(code: string, content: string): this {
    return this.enqueue(steps.failure(code, content));
  }

  /**
   * Asks `responder` first for each request from now on, in place of an earlier one. One that throws
   * answers with HTTP 500 that holds the error.
   */
  respond(responder: Responder): this {
    this.#responder = responder;
    return this;
  }

  /** A new gate, to be used as a step or as a part of a streamed message. Closing the model ends it. */
  gate(): Gate {
    const gate = new Gate();
    if (this.#closed !== undefined) gate.abandon();
    this.#gates.push(gate);
    return gate;
  }

  /**
   * Resolves with the requests as soon as there are `count` of them. Rejects with the signal's reason
   * when it aborts, and with a `CodexError` (`CLOSED`) when the model is closed first.
   */
  waitForRequests(
    count: number,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly ModelRequest[]> {
    return this.#log.wait(count, options.signal);
  }

  /** Cuts every open connection, ends every gate and frees the port. A second call does nothing. */
  close(): Promise<void> {
    this.#closed ??= new Promise<void>((resolve) => {
      for (const gate of this.#gates) gate.abandon();
      this.#log.close();
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    return this.#closed;
  }

  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(await receive(incoming), response);
    } catch (error) {
      // A client that hung up is not to be told; anything else belongs in the test's output.
      if (response.destroyed) return;
      answerError(response, 500, `The script failed: ${String(error)}`);
    }
  }

  async #answer(received: ReceivedRequest, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(received.path, this.url);
    if (received.method !== "POST" || !pathname.endsWith("/responses")) {
      this.#others.push(received);
      if (received.method === "GET" && pathname.endsWith("/models")) return answerModels(response);
      return answerError(response, 404, `${received.method} ${received.path} is not served here.`);
    }
    const leaving = new AbortController();
    response.once("close", () => leaving.abort());
    const request = new ModelRequest(this.#log.requests.length + 1, received);
    // Taken in the tick in which the request is recorded: whoever waits for it may enqueue at once.
    const fromQueue = this.#responder === undefined ? this.#queue.shift() : undefined;
    this.#log.add(request);
    const script = fromQueue ?? (await this.#responder?.(request)) ?? this.#queue.shift();
    if (script === undefined) {
      this.#unscripted.push(request);
      return answerError(
        response,
        500,
        `No script for model request ${request.number} (${request.lastUserText() ?? "no user text"}): enqueue a response for it.`,
      );
    }
    checkSteps(script);
    await playResponse(response, script, { number: request.number, signal: leaving.signal });
  }
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      [value ?? ""].flat().join(", "),
    ]),
  );
  const body = await text(incoming);
  return { method: incoming.method ?? "", path: incoming.url ?? "", headers, body };
}

function answerModels(response: ServerResponse): void {
  const data = [
    { id: SCRIPTED_MODEL_NAME, object: "model", created: 0, owned_by: "scripted-model" },
  ];
  answerJson(response, 200, { object: "list", data });
}

function answerError(response: ServerResponse, status: number, problem: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  answerJson(response, status, { error: { type: "scripted_model", message: problem } });
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
