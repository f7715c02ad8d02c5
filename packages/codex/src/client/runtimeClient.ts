import type { ClientMethod, ResultOf } from "@openai/codex-types";

import { CodexClosedError, type CodexError } from "../errors.js";
import { captureContext } from "../internal/asyncContext.js";
import type { AsyncQueue } from "../internal/asyncQueue.js";
import { createDeferred } from "../internal/deferred.js";
import { SecretMasker } from "../internal/secrets.js";
import { NotificationRouter } from "../router/notificationRouter.js";
import { threadIdOf } from "../router/routingKeys.js";
import { ServerRequestRouter } from "../router/serverRequestRouter.js";
import { SubAgentThreads } from "../router/subAgentThreads.js";
import { toWaiterError } from "../rpc/closeReason.js";
import type {
  Answer,
  ConnectionDiagnostic,
  ConnectionListener,
} from "../rpc/connectionListener.js";
import type { Handled } from "../rpc/inboundQueue.js";
import type { NotificationMessage, RequestMessage } from "../rpc/message.js";
import type { DispatchOptions } from "../rpc/requestOptions.js";
import { callHook } from "./callHook.js";
import { addSecretsOf } from "./clientSecrets.js";
import { type Connector, toConnector } from "./connector.js";
import { type CodexDiagnostic, maskDiagnostic, observeDiagnostics } from "./diagnostics.js";
import { toFallback } from "./fallbackResponses.js";
import type { InitializeMetadata } from "./handshake.js";
import { checkClientOptions, type ClientOptions } from "./options.js";
import { type Dispatch, OWN_LIMIT } from "./ownRequests.js";
import { Reconnection } from "./reconnection.js";
import { toReconnectionSteps } from "./reconnectionSteps.js";
import { Requests } from "./requests.js";
import type { RequestParams } from "./requestTypes.js";
import { openSession, type Session } from "./session.js";
import { SessionHolder } from "./sessionHolder.js";
import type { OnThreadRestored } from "./threadRestorer.js";
import { ThreadStates } from "./threadStates.js";
import { TurnRecovery } from "./turnRecovery.js";
import { toServerRequest } from "./wireTypes.js";

/**
 * The client of the runtime that the API uses: composes transport, connection and routers, and starts
 * the runtime on first use. Knows nothing of handles, results or approval modes.
 */
export class RuntimeClient {
  readonly options: ClientOptions;
  readonly connector: Connector;
  readonly router: NotificationRouter;
  readonly serverRequests: ServerRequestRouter;
  readonly recovery: TurnRecovery;
  readonly threadStates: ThreadStates;
  readonly subAgents = new SubAgentThreads();
  /** Masks the secrets that this client knows. */
  readonly secrets = new SecretMasker();
  /** Sizes of the maps that the API keeps, by name, for `inspect()`. */
  readonly gauges = new Map<string, () => number>();
  readonly #closed = createDeferred<CodexError>();
  readonly #session: SessionHolder;
  readonly #requests: Requests;
  /** Runs a function in the async context in which the client was made. */
  readonly #inContext = captureContext();
  readonly #reconnection: Reconnection | undefined;
  /** Called in the tick in which a thread of a lost connection is resumed. */
  onThreadRestored: OnThreadRestored = () => {};

  /** Starts nothing. Throws an `InvalidOptionError` for options that cannot work. */
  constructor(options: ClientOptions = {}) {
    checkClientOptions(options);
    this.options = options;
    this.connector = toConnector(options);
    const dispatch: Dispatch = (...request) => this.dispatch(...request);
    this.recovery = new TurnRecovery(dispatch);
    this.router = new NotificationRouter((route) => this.recovery.schedule(route));
    this.threadStates = new ThreadStates(this.router, dispatch);
    this.serverRequests = new ServerRequestRouter(
      (request, error) => toFallback(this, request, error),
      (error, { method }) => this.report({ kind: "handlerError", method, error }),
      (threadId) => this.#noteHandled(threadId),
    );
    const { observers } = this.router;
    this.subAgents.observe(observers);
    this.serverRequests.observe(observers);
    observeDiagnostics(observers, (diagnostic) => this.report(diagnostic));
    this.#session = new SessionHolder({
      open: (signal) => this.#open(signal),
      onReady: (session) => this.#noteReady(session),
      // Requests of the failed runtime get no response, and the next one counts from the start again.
      onStartFailed: (cause) =>
        this.serverRequests.fail(new CodexClosedError("The runtime's request", { cause })),
      onClosedEarly: (reason) => this.#failRouters(reason),
    });
    const { reconnect } = this.connector;
    this.#requests = new Requests({
      session: this.#session,
      secrets: this.secrets,
      threadStates: this.threadStates,
      observers,
      isLasting: reconnect !== undefined,
      isReplaced: (connection) => this.#reconnection?.replaces(connection) === true,
      onChange: () => this.#holdHost(),
    });
    if (reconnect !== undefined) {
      const steps = toReconnectionSteps(this, this.#requests, {
        open: (signal) => this.#open(signal),
        onReady: (session) => this.#noteReady(session),
        onThreadRestored: (...thread) => this.onThreadRestored(...thread),
        fail: (reason) => this.#failRouters(reason),
      });
      this.#reconnection = new Reconnection(reconnect, this.#session, steps);
    }
    const { onServerRequest } = options;
    if (onServerRequest !== undefined) {
      this.serverRequests.add("general", undefined, (request, context) =>
        onServerRequest(toServerRequest(request), context),
      );
    }
  }

  /** The normalised `initialize` response. Throws a `CodexNotStartedError` before the start. */
  get metadata(): InitializeMetadata {
    return this.#session.require("metadata").metadata;
  }

  /** The raw `initialize` response. Throws a `CodexNotStartedError` before the start. */
  get initializeResponse(): unknown {
    return this.#session.require("initializeResponse").response;
  }

  /** Resolves with the reason once the connection has ended, also by `close()`. Never rejects. */
  get closed(): Promise<CodexError> {
    return this.#closed.promise;
  }

  /** Sizes of the maps and buffers, for tests. */
  inspect(): Readonly<Record<string, number>> {
    return {
      ...this.#session.current?.connection.inspect(),
      ...this.router.inspect(),
      openServerRequests: this.serverRequests.openRequests,
      turnsToRecover: this.recovery.size,
      ...Object.fromEntries(Array.from(this.gauges, ([name, size]) => [name, size()])),
      ...this.threadStates.inspect(),
    };
  }

  /** Starts the runtime and performs the handshake. Idempotent; concurrent calls share one start. */
  async start(): Promise<void> {
    const { connection } = await this.#session.get();
    if (connection.closeReason !== undefined) {
      throw toWaiterError(connection.closeReason, "start()");
    }
  }

  /** Sends a request, untyped; `onResult` runs in the tick in which the response is read. */
  dispatch(method: string, params: unknown, options: DispatchOptions = {}): Promise<unknown> {
    return this.#requests.dispatch(method, params, options);
  }

  /** Sends a request of the pinned protocol, typed by its method. */
  async request<M extends ClientMethod>(
    method: M,
    ...[params, options]: [...RequestParams<M>, options?: DispatchOptions]
  ): Promise<ResultOf<M>> {
    const sent = this.dispatch(method, params, options as DispatchOptions);
    // SAFETY: the map that types the call is generated from the protocol that types the response; a
    // runtime of another version may leave members out, which callers that read them check.
    return (await sent) as ResultOf<M>;
  }

  /** Sends a request in place of a caller that has left. Nobody waits for it, and it ends by itself. */
  cleanUp(method: string, params: unknown): void {
    // The caller has its reason already; a runtime that is gone has ended what is to be cleaned up, too.
    void this.dispatch(method, params, OWN_LIMIT).catch(() => {});
  }

  /** Sends a notification; resolves once it is handed to the transport. */
  async notify(method: string, params?: unknown): Promise<void> {
    const { connection } = await this.#session.get();
    await connection.notify(method, params);
  }

  /** Opens a queue of the notifications that nobody else owns, and starts the runtime. */
  subscribe(): AsyncQueue<NotificationMessage> {
    const queue = this.router.subscribe(() => this.#holdHost());
    this.#session.get().then(
      () => this.#holdHost(),
      (error: unknown) => queue.fail(error),
    );
    return queue;
  }

  /** Calls a listener of the application with every notification, guarded; returns a function that removes it. */
  observe(listener: (message: NotificationMessage) => void): () => void {
    return this.router.observers.addToAll((message) => {
      try {
        listener(message);
      } catch (error) {
        this.report({ kind: "handlerError", method: message.method, error });
      }
    });
  }

  /** Returns whether a handler of the application is working for this thread or a sub-agent of it. */
  isHandling(threadId: string): boolean {
    return this.serverRequests.isHandling(
      (other) => other === threadId || this.subAgents.ownerOf(other) === threadId,
    );
  }

  /** Calls `onDiagnostic` of the application, with the secrets of every text masked. */
  report(diagnostic: CodexDiagnostic): void {
    const { onDiagnostic } = this.options;
    if (onDiagnostic !== undefined)
      callHook(onDiagnostic, maskDiagnostic(diagnostic, this.secrets));
  }

  /** Ends the runtime, by force after a bounded wait. Every waiter gets a `CodexClosedError`. Idempotent. */
  close(): Promise<void> {
    return this.#session.close();
  }

  #toListener(): ConnectionListener {
    return {
      onNotification: (message) => this.#onNotification(message),
      callsAtOnce: ({ method }) => this.router.observers.has(method),
      onRequest: (message, answer) => this.#onRequest(message, answer),
      onDiagnostic: (diagnostic) => this.#onDiagnostic(diagnostic),
      onClose: (reason) => this.#noteEnd(reason),
    };
  }

  #open(signal: AbortSignal): Promise<Session> {
    const { options, connector, secrets } = this;
    const parts = { options, connector, secrets, inContext: this.#inContext };
    return openSession({ ...parts, listener: this.#toListener() }, signal);
  }

  #noteReady({ metadata, connection }: Session): void {
    const { pinnedVersion } = metadata;
    const runtimeVersion = metadata.serverInfo.version;
    if (runtimeVersion !== pinnedVersion) {
      this.report({ kind: "versionMismatch", runtimeVersion, pinnedVersion });
    }
    this.#holdHost();
    if (connection.closeReason !== undefined) this.#noteEnd(connection.closeReason);
  }

  #noteEnd(reason: CodexError): void {
    if (this.#reconnection?.takesOver(reason) !== true) this.#failRouters(reason);
  }

  #onNotification(message: NotificationMessage): Handled {
    const handled = this.router.dispatch(message);
    if (handled === "settled") this.#holdHost();
    if (message.method === "turn/completed") {
      this.serverRequests.endSuspended(threadIdOf(message.params));
    }
    // A listener is called at once: readers of the messages before must have woken by then.
    return this.router.observers.sizeOfAll > 0 ? "settled" : handled;
  }

  #onRequest(message: RequestMessage, answer: (answer: Answer) => void): void {
    const answerMasked = (response: Answer) => {
      if ("result" in response) addSecretsOf(message.method, response.result, this.secrets);
      answer(response);
    };
    // A handler sees the context of the caller whose turn asks, as if the caller had called it.
    this.router.inCallerContext(this.subAgents.rootOf(threadIdOf(message.params) ?? ""), () =>
      this.serverRequests.dispatch(message, answerMasked),
    );
    this.#holdHost();
  }

  #noteHandled(threadId: string | undefined): void {
    if (threadId !== undefined) this.router.noteHandled(this.subAgents.rootOf(threadId));
    this.#holdHost();
  }

  #onDiagnostic(diagnostic: ConnectionDiagnostic): void {
    if (diagnostic.kind === "stderr") callHook(this.options.onStderr, diagnostic.text);
    else this.report(diagnostic);
  }

  #failRouters(reason: CodexError): void {
    this.router.fail(reason);
    this.serverRequests.fail(reason);
    this.#closed.resolve(reason);
  }

  /** Keeps the host process alive while something is in use, and only then. */
  #holdHost(): void {
    const connection = this.#session.current?.connection;
    const isInUse =
      (connection?.pendingRequests ?? this.#requests.waiting) > 0 ||
      this.router.isInUse ||
      this.serverRequests.openRequests > 0;
    connection?.holdHost(isInUse);
    this.#reconnection?.holdHost(isInUse);
  }
}
