/// <reference lib="esnext.disposable" preserve="true" />
import type {
  ClientMethod,
  ClientNotificationMethod,
  ParamsOf,
  ResultOf,
  ServerNotification,
  ServerRequestMethod,
} from "@openai/codex-types";

import { CodexClosedError, type CodexError, CodexNotStartedError } from "../errors.js";
import { raceAbort } from "../internal/abort.js";
import { maskSecrets, noteSecret, secretValuesOf } from "../internal/secrets.js";
import { NotificationRouter } from "../router/notificationRouter.js";
import { type ServerRequestContext, ServerRequestRouter } from "../router/serverRequestRouter.js";
import {
  type ConnectionListener,
  type DispatchOptions,
  type RequestOptions,
  toWaiterError,
} from "../rpc/connection.js";
import { isObject } from "../rpc/message.js";
import { refuse } from "./defaultAnswers.js";
import type { InitializeMetadata } from "./handshake.js";
import { toNotificationStream } from "./notificationStream.js";
import { checkClientOptions, type ClientOptions, type CodexDiagnostic } from "./options.js";
import { openSession, type Session } from "./session.js";
import { toServerRequest } from "./wireTypes.js";

/** The params of a call: left out where the method has none. */
export type RequestParams<M extends string> = M extends ClientMethod
  ? undefined extends ParamsOf<M>
    ? [params?: ParamsOf<M>]
    : [params: ParamsOf<M>]
  : [params?: unknown];

/** What a call resolves to; `unknown` for a method that the pinned protocol does not know. */
export type RequestResult<M extends string> = M extends ClientMethod ? ResultOf<M> : unknown;

/** A method of the pinned protocol, or any other that a newer runtime may know. */
export type OpenMethod<Known extends string> = Known | (string & {});

type State =
  | { readonly kind: "idle" }
  | {
      readonly kind: "starting";
      readonly started: Promise<Session>;
      readonly abort: AbortController;
    }
  | { readonly kind: "ready"; readonly session: Session }
  | { readonly kind: "closed"; readonly closing: Promise<void> };

/**
 * The typed low-level client of the app-server protocol: composes transport, connection and routers.
 * Starts the runtime on first use. Knows nothing of handles, results or approval modes.
 */
export class AppServerClient implements AsyncDisposable {
  /** Where turns and login attempts get their notifications from. @internal */
  readonly router = new NotificationRouter();
  /** Who answers the runtime's requests. @internal */
  readonly serverRequests: ServerRequestRouter;
  readonly #options: ClientOptions;
  #state: State = { kind: "idle" };

  /** Starts nothing. Throws an `InvalidOptionError` for options that cannot work. */
  constructor(options: ClientOptions = {}) {
    checkClientOptions(options);
    this.#options = options;
    this.serverRequests = new ServerRequestRouter(refuse, (error, { method }) =>
      this.#report({ kind: "handlerError", method, error }),
    );
    this.router.onNotification = ({ method, params }) => {
      if (method === "serverRequest/resolved") this.serverRequests.resolve(params);
    };
    const { onServerRequest } = options;
    if (onServerRequest !== undefined) {
      this.serverRequests.handleOthers((request, context) =>
        onServerRequest(toServerRequest(request), context),
      );
    }
  }

  /** The normalised `initialize` response. Throws a `CodexNotStartedError` before the start. */
  get metadata(): InitializeMetadata {
    if (this.#state.kind !== "ready") throw new CodexNotStartedError("metadata");
    return this.#state.session.metadata;
  }

  /**
   * Starts the runtime and shakes hands (`initialize`, `initialized`). Idempotent; calls at the same
   * time share one start. A failed start leaves nothing behind and may be tried again.
   *
   * @throws CodexStartError when the runtime is missing, cannot run, ends at once or stays silent.
   */
  async start(): Promise<void> {
    const { connection } = await this.#session();
    if (connection.closeReason !== undefined)
      throw toWaiterError(connection.closeReason, "start()");
  }

  /**
   * Sends a request and resolves with its result. The method's name picks the types of both. Methods
   * that the pinned protocol does not know are sent all the same, typed as `unknown`.
   *
   * @throws JsonRpcError (a subclass by code) for what the runtime refuses; TransportClosedError when
   * it is gone; RequestTimeoutError after `timeoutMs`; the signal's reason after an abort.
   */
  async request<M extends OpenMethod<ClientMethod>>(
    method: M,
    ...[params, options]: [...RequestParams<M>, options?: RequestOptions]
  ): Promise<RequestResult<M>> {
    // The map that types the call is generated from the same protocol that types the answer.
    return (await this.dispatch(method, params, options as RequestOptions)) as RequestResult<M>;
  }

  /** Like `request`, untyped, with a hook into the tick in which the answer is read. @internal */
  async dispatch(method: string, params: unknown, options: DispatchOptions = {}): Promise<unknown> {
    if (method === "account/login/start") noteSecretsOf(params);
    let session: Session;
    try {
      options.signal?.throwIfAborted();
      session = await raceAbort(this.#session(), options.signal);
    } catch (error) {
      options.onSettled?.();
      throw error;
    }
    return session.connection.request(method, params, options);
  }

  /** Sends a notification; resolves once it is handed to the runtime. */
  async notify<M extends OpenMethod<ClientNotificationMethod>>(
    method: M,
    params?: unknown,
  ): Promise<void> {
    const { connection } = await this.#session();
    await connection.notify(method, params);
  }

  /**
   * Every notification that is no followed turn's and no login attempt's, from now on; also what the
   * pinned protocol does not know. Ends with the loop, the signal's reason or the connection's end.
   * What is not read is kept: leave the loop, or abort the signal, when no more is wanted. Consecutive
   * text deltas of one item are folded into one from 1,024 unread notifications on.
   *
   * @throws NotificationBacklogError, after all that waited, when more than 16,384 are unread;
   * CodexClosedError or TransportClosedError when the connection ends.
   */
  notifications(
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncIterableIterator<ServerNotification, void, undefined> {
    return toNotificationStream(this.router.subscribe(), options.signal);
  }

  /**
   * Answers the runtime's requests of one method: the handler's result is the answer, `undefined`
   * leaves it to the default, which grants nothing. A handler that throws is answered with a refusal.
   * Returns how to take the handler away.
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
    return this.serverRequests.handle(method, ({ params }, context) =>
      // The runtime sends a method's request with that method's params.
      handler(params as never, context),
    );
  }

  /**
   * Ends the runtime: its stdin first, then SIGTERM, then SIGKILL, each after a bounded wait. Whoever
   * still waits is rejected with a `CodexClosedError`. Idempotent, and safe during a start.
   */
  close(): Promise<void> {
    if (this.#state.kind === "closed") return this.#state.closing;
    const before = this.#state;
    const closing = this.#end(before);
    this.#state = { kind: "closed", closing };
    return closing;
  }

  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(before: State): Promise<void> {
    const reason = new CodexClosedError("Codex client");
    if (before.kind === "ready") await before.session.connection.close();
    else this.#failRouters(reason);
    if (before.kind === "starting") {
      before.abort.abort(reason);
      await before.started.catch(() => {});
    }
  }

  #session(): Promise<Session> {
    switch (this.#state.kind) {
      case "ready":
        return Promise.resolve(this.#state.session);
      case "starting":
        return this.#state.started;
      case "closed":
        return Promise.reject(new CodexClosedError("Codex client"));
      case "idle": {
        const abort = new AbortController();
        const started = this.#start(abort.signal);
        this.#state = { kind: "starting", started, abort };
        return started;
      }
    }
  }

  async #start(signal: AbortSignal): Promise<Session> {
    try {
      const session = await this.#connect(signal);
      if (signal.aborted) {
        // Closed between the end of the handshake and here: nobody else knows of this session.
        await session.connection.close();
        throw signal.reason;
      }
      this.#state = { kind: "ready", session };
      this.#checkVersion(session.metadata);
      return session;
    } catch (error) {
      if (this.#state.kind === "starting") this.#state = { kind: "idle" };
      // What the failed runtime asked gets no answer, and the next one counts from the start again.
      this.serverRequests.fail(new CodexClosedError("The runtime's request", { cause: error }));
      throw error;
    }
  }

  #connect(signal: AbortSignal): Promise<Session> {
    const secrets = secretsOf(this.#options);
    const listener: ConnectionListener = {
      onNotification: (message) => this.router.dispatch(message),
      onRequest: (message, answer) => this.serverRequests.dispatch(message, answer),
      onDiagnostic: ({ kind, text }) => {
        if (kind === "stderr") callHook(this.#options.onStderr, text);
        else this.#report({ kind, text: maskSecrets(text, secrets) });
      },
      onClose: (reason) => this.#failRouters(reason),
    };
    return openSession(this.#options, listener, signal);
  }

  #failRouters(reason: CodexError): void {
    this.router.fail(reason);
    this.serverRequests.fail(reason);
  }

  #checkVersion({ serverInfo, pinnedVersion }: InitializeMetadata): void {
    if (serverInfo.version === pinnedVersion) return;
    const runtimeVersion = serverInfo.version;
    this.#report({ kind: "versionMismatch", runtimeVersion, pinnedVersion });
  }

  #report(diagnostic: CodexDiagnostic): void {
    callHook(this.#options.onDiagnostic, diagnostic);
  }
}

/** A key of any shape is masked from the moment it is handed over. */
function noteSecretsOf(params: unknown): void {
  if (!isObject(params)) return;
  for (const value of [params["apiKey"], params["accessToken"]]) {
    if (typeof value === "string") noteSecret(value);
  }
}

/** What the runtime knows of secrets, and might say where it should not. */
function secretsOf({ env, transport }: ClientOptions): string[] {
  const token = transport?.type === "websocket" ? transport.token : undefined;
  return [...secretValuesOf({ ...process.env, ...env }), ...(token === undefined ? [] : [token])];
}

/** A hook only listens: one that throws must not stop the reading of messages. */
function callHook<T>(hook: ((value: T) => void) | undefined, value: T): void {
  try {
    hook?.(value);
  } catch (error) {
    // Shown as the application's own fault, outside of the connection's call stack.
    queueMicrotask(() => {
      throw error;
    });
  }
}
