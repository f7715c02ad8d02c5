/// <reference lib="esnext.disposable" preserve="true" />
import type {
  ClientMethod,
  ClientNotificationMethod,
  ParamsOf,
  ResultOf,
  ServerNotification,
  ServerRequestMethod,
} from "@openai/codex-types";

import { type ExitFacts, TransportClosedError } from "../errors.js";
import {
  checkFunction,
  checkOptions,
  checkSignal,
  checkText,
  optionsOf,
  readGiven,
} from "../internal/validate.js";
import type { ServerRequestContext } from "../router/serverRequestRouter.js";
import type { NotificationMessage } from "../rpc/message.js";
import { REQUEST_CHECKS, type RequestOptions } from "../rpc/requestOptions.js";
import type { InitializeMetadata } from "./handshake.js";
import { toNotificationStream } from "./notificationStream.js";
import type { ClientOptions } from "./options.js";
import type { OpenMethod, RequestParams, RequestResult } from "./requestTypes.js";
import { RuntimeClient } from "./runtimeClient.js";

/** Options of `notifications()`. */
export interface NotificationsOptions {
  /** Aborting ends the iteration at once with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const REQUEST_OPTIONS = optionsOf<RequestOptions>(REQUEST_CHECKS);
const NOTIFICATIONS_OPTIONS = optionsOf<NotificationsOptions>({ signal: checkSignal });

/**
 * Typed low-level client of the app-server protocol: requests, notifications and server requests as
 * they are on the wire, without the threads, turns and approval modes of `Codex`. Starts the runtime
 * on first use.
 */
export class CodexClient implements AsyncDisposable {
  readonly #runtime: RuntimeClient;

  /** Starts nothing. Throws an `InvalidOptionError` for options that cannot work. */
  constructor(options?: ClientOptions);
  /** @internal */
  constructor(options: ClientOptions | RuntimeClient);
  constructor(options: ClientOptions | RuntimeClient = {}) {
    const isRuntime = readGiven("options", () => options instanceof RuntimeClient);
    // SAFETY: narrowed by the line above, which guards against a proxy that cannot be read.
    this.#runtime = isRuntime
      ? (options as RuntimeClient)
      : new RuntimeClient(options as ClientOptions);
  }

  /** The normalised `initialize` response. Throws a `CodexNotStartedError` before the start. */
  get metadata(): InitializeMetadata {
    return this.#runtime.metadata;
  }

  /** The raw `initialize` response. Throws a `CodexNotStartedError` before the start. */
  get initializeResponse(): unknown {
    return this.#runtime.initializeResponse;
  }

  /**
   * Resolves once the connection has ended, with the exit facts of the runtime; they are `null` where
   * this client closed the connection, or the runtime is another process's child. Never rejects.
   */
  get closed(): Promise<ExitFacts> {
    return this.#runtime.closed.then(toExitFacts);
  }

  /**
   * Starts the runtime and performs the handshake (`initialize`, `initialized`). Idempotent;
   * concurrent calls share one start. A failed start leaves nothing behind and may be tried again.
   *
   * @throws CodexStartError when the runtime is missing, cannot run, exits at once or stays silent.
   */
  start(): Promise<void> {
    return this.#runtime.start();
  }

  /**
   * Sends a request and resolves with its result. The method's name picks the types of both. Methods
   * that are not in the pinned protocol are sent all the same, typed as `unknown`.
   *
   * @throws JsonRpcError (a subclass by code) when the runtime refuses the request;
   * TransportClosedError when the runtime is gone; RequestTimeoutError after `timeoutMs`;
   * InvalidOptionError before anything is sent; the signal's reason after an abort.
   */
  async request<M extends OpenMethod<ClientMethod>>(
    method: M,
    ...[params, options]: [...RequestParams<M>, options?: RequestOptions]
  ): Promise<RequestResult<M>> {
    checkText("method", method);
    checkOptions("request", options, REQUEST_OPTIONS);
    const sent = this.#runtime.dispatch(method, params, options as RequestOptions);
    // SAFETY: the map that types the call is generated from the protocol that types the response.
    return (await sent) as RequestResult<M>;
  }

  /** Sends a notification; resolves once it is handed to the runtime. */
  async notify<M extends OpenMethod<ClientNotificationMethod>>(
    method: M,
    params?: unknown,
  ): Promise<void> {
    checkText("method", method);
    await this.#runtime.notify(method, params);
  }

  /**
   * Iterates over notifications that are not consumed by a turn handle or a login handle, unknown ones
   * included. Delivery starts when this is called, not at the first `next()`; it starts the runtime.
   * Unread notifications are kept: leave the loop, or abort the signal, to release them. From 1,024
   * unread ones on, consecutive text deltas of one item are merged.
   *
   * @throws NotificationBacklogError behind all that waited, when more than 16,384 are unread;
   * CodexClosedError or TransportClosedError when the connection ends.
   */
  notifications(options?: NotificationsOptions): AsyncIterableIterator<ServerNotification> {
    checkOptions("notifications", options, NOTIFICATIONS_OPTIONS);
    return toNotificationStream(this.#runtime.subscribe(), options?.signal);
  }

  /**
   * Calls `listener` with every notification, those of turns and logins included, in wire order and in
   * the tick in which each is read. A listener that throws is reported to `onDiagnostic`.
   * Returns a function that removes it.
   */
  onNotification(listener: (notification: ServerNotification) => void): () => void {
    checkFunction("listener", listener);
    // SAFETY: as in `notifications`, an unknown notification is the union's unknown variant.
    return this.#runtime.observe(listener as unknown as (message: NotificationMessage) => void);
  }

  /**
   * Answers the app-server's requests of one method: the handler's result is the response, `undefined`
   * leaves the request to the default response, which grants nothing. A handler that throws is answered
   * with a refusal and reported to `onDiagnostic`. Returns a function that removes the handler.
   */
  onServerRequest<M extends ServerRequestMethod>(
    method: M,
    handler: (
      params: ParamsOf<M>,
      context: ServerRequestContext,
    ) => ResultOf<M> | undefined | Promise<ResultOf<M> | undefined>,
  ): () => void;
  onServerRequest<M extends string>(
    method: M extends ServerRequestMethod ? never : M,
    handler: (params: unknown, context: ServerRequestContext) => unknown,
  ): () => void;
  onServerRequest(
    method: string,
    handler: (params: never, context: ServerRequestContext) => unknown,
  ): () => void {
    checkText("method", method);
    checkFunction("handler", handler);
    return this.#runtime.serverRequests.add("method", method, ({ params }, context) =>
      // SAFETY: the protocol ties the params of a request to its method.
      handler(params as never, context),
    );
  }

  /**
   * Ends the runtime: its stdin first, then SIGTERM, then SIGKILL, each after a bounded wait. Every
   * pending call is rejected with a `CodexClosedError`. Idempotent, and safe during a start.
   */
  close(): Promise<void> {
    return this.#runtime.close();
  }

  /** Calls `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function toExitFacts(reason: Error): ExitFacts {
  if (reason instanceof TransportClosedError) {
    const { exitCode, signal, stderrTail } = reason;
    return { exitCode, signal, stderrTail };
  }
  return { exitCode: null, signal: null, stderrTail: "" };
}
