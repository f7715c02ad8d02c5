import { type CodexError, CodexStartError, TransportClosedError } from "../errors.js";
import { onAbort } from "../internal/abort.js";
import type { InContext } from "../internal/asyncContext.js";
import type { SecretMasker } from "../internal/secrets.js";
import { clearTimeout, setTimeout } from "../internal/timers.js";
import { Connection } from "../rpc/connection.js";
import type { ConnectionListener } from "../rpc/connectionListener.js";
import { isHomeUnusable } from "../rpc/runtimeErrors.js";
import { eventChannels } from "../tracing/channels.js";
import { traceOperation } from "../tracing/operation.js";
import { StderrTail } from "../transport/stderrTail.js";
import type { Connector } from "./connector.js";
import { type InitializeMetadata, toInitializeMetadata, toInitializeParams } from "./handshake.js";
import type { ClientOptions } from "./options.js";
import { sendRequest, tracedListener } from "./tracedConnection.js";

/** Default of `startTimeoutMs`, in milliseconds. */
export const DEFAULT_START_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_IN_FLIGHT = 64;

/** A runtime that has been started, with the handshake performed. */
export interface Session {
  readonly connection: Connection;
  readonly metadata: InitializeMetadata;
  /** The raw `initialize` response. */
  readonly response: unknown;
}

/** Parts of a session. */
export interface SessionParts {
  readonly options: ClientOptions;
  readonly connector: Connector;
  readonly secrets: SecretMasker;
  readonly listener: ConnectionListener;
  /** Context of what the messages of the runtime cause, which must not be that of whoever starts it. */
  readonly inContext: InContext;
}

/**
 * Starts the runtime and performs the handshake (`codex:start`). Rejects with a `CodexStartError` (or the
 * signal's reason) and leaves nothing behind then; the listener is notified of the end only of a session
 * that was opened.
 */
export function openSession(parts: SessionParts, signal: AbortSignal): Promise<Session> {
  return traceOperation(
    "start",
    () => ({ transport: parts.options.transport?.type ?? "stdio" }),
    () => openUntraced(parts, signal),
    { toFacts: ({ metadata }) => ({ runtimeVersion: metadata.serverInfo.version }) },
  );
}

async function openUntraced(parts: SessionParts, signal: AbortSignal): Promise<Session> {
  const { options, connector, secrets, listener, inContext } = parts;
  let openedAt: number | undefined;
  if (options.apiKey !== undefined) secrets.keep([options.apiKey]);
  const stderrTail = new StderrTail();
  const transport = await connector.makeTransport(secrets);
  if (signal.aborted) throw signal.reason;
  const connection = new Connection(
    transport,
    {
      ...tracedListener(listener),
      onDiagnostic: (diagnostic) => {
        // Of a runtime that does not respond, its stderr is all that explains it.
        if (openedAt === undefined && diagnostic.kind === "stderr")
          stderrTail.push(diagnostic.text);
        listener.onDiagnostic(diagnostic);
      },
      onClose: (reason) => {
        if (openedAt === undefined) return;
        publishClose(openedAt, reason);
        listener.onClose(reason);
      },
    },
    secrets,
    options.maxInFlightRequests ?? DEFAULT_MAX_IN_FLIGHT,
  );
  const timeoutMs = options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS;
  let isReached = false;
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort(toTimeoutError(timeoutMs, connector, isReached ? stderrTail.text() : undefined));
  }, timeoutMs);
  const stopListening = onAbort(signal, (reason) => limit.abort(reason));
  try {
    await inContext(() => openUntil(connection, limit.signal));
    isReached = true;
    const params = toInitializeParams(options);
    const response = await sendRequest(connection, "initialize", params, { signal: limit.signal });
    const metadata = toInitializeMetadata(response, secrets);
    await connection.notify("initialized");
    await logIn(connection, options, limit.signal);
    limit.signal.throwIfAborted();
    if (connection.closeReason !== undefined) throw connection.closeReason;
    openedAt = performance.now();
    return { connection, metadata, response };
  } catch (error) {
    await connection.close();
    throw toStartFailure(error, connector);
  } finally {
    clearTimeout(timer);
    stopListening();
  }
}

function publishClose(openedAt: number, error: CodexError): void {
  const { close } = eventChannels;
  if (close.hasSubscribers) close.publish({ durationMs: performance.now() - openedAt, error });
}

/** Logs in with the client's own key, which the runtime keeps in memory. */
async function logIn(
  connection: Connection,
  { apiKey }: ClientOptions,
  signal: AbortSignal,
): Promise<void> {
  if (apiKey === undefined) return;
  await sendRequest(connection, "account/login/start", { type: "apiKey", apiKey }, { signal });
}

/** Opens a connection until the signal aborts: another machine may never respond, and only closing ends the opening. */
async function openUntil(connection: Connection, signal: AbortSignal): Promise<void> {
  const stopListening = onAbort(signal, () => void connection.close());
  try {
    await connection.open();
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    stopListening();
  }
  if (signal.aborted) throw signal.reason;
}

/** Makes the error of a start that took too long; `stderrTail` once the runtime has been reached. */
function toTimeoutError(
  timeoutMs: number,
  { ownsRuntime }: Connector,
  stderrTail: string | undefined,
): CodexStartError {
  if (stderrTail === undefined) {
    const message = `The Codex runtime could not be reached within ${timeoutMs} ms (startTimeoutMs).`;
    return new CodexStartError("START_TIMEOUT", message);
  }
  const ended = ownsRuntime ? "the process" : "the connection";
  const tail = stderrTail === "" ? "" : ` The end of its stderr:\n${stderrTail}`;
  return new CodexStartError(
    "START_TIMEOUT",
    `The Codex runtime did not respond to initialize within ${timeoutMs} ms (startTimeoutMs); ${ended} was ended.${tail}`,
    { exit: { exitCode: null, signal: null, stderrTail } },
  );
}

function toStartFailure(error: unknown, { ownsRuntime }: Connector): unknown {
  if (!(error instanceof TransportClosedError)) return error;
  const remedy = isHomeUnusable(error.stderrTail)
    ? "\nCODEX_HOME has to be a folder that exists and that this user can write to: make it, or name another one with env: { CODEX_HOME }."
    : "";
  return new CodexStartError(
    ownsRuntime ? "RUNTIME_EXITED" : "CONNECT_FAILED",
    `The Codex runtime ${ownsRuntime ? "ended" : "ended the connection"} before it responded to initialize. ${error.message}${remedy}`,
    { cause: error, exit: error },
  );
}
