import { CodexStartError, RequestTimeoutError, TransportClosedError } from "../errors.js";
import { onAbort } from "../internal/abort.js";
import { type SecretMasker, secretValuesOf } from "../internal/secrets.js";
import { Connection } from "../rpc/connection.js";
import type { ConnectionListener } from "../rpc/connectionListener.js";
import { StderrTail } from "../transport/stderrTail.js";
import type { Transport } from "../transport/transport.js";
import { type InitializeMetadata, toInitializeMetadata, toInitializeParams } from "./handshake.js";
import type { ClientOptions } from "./options.js";
import { toWebSocketEndpoint } from "./transportOptions.js";

const DEFAULT_START_TIMEOUT_MS = 30_000;
const DEFAULT_CLOSE_TIMEOUT_MS = 2_000;
const DEFAULT_MAX_IN_FLIGHT = 64;

/** A runtime that has been started and has shaken hands. */
export interface Session {
  readonly connection: Connection;
  readonly metadata: InitializeMetadata;
  /** The raw `initialize` response. */
  readonly response: unknown;
}

/**
 * Starts the runtime and shakes hands. Rejects with a `CodexStartError` (or the signal's reason) and
 * leaves nothing behind then; the listener hears of the end only of a session that was opened.
 */
export async function openSession(
  options: ClientOptions,
  secrets: SecretMasker,
  listener: ConnectionListener,
  signal: AbortSignal,
): Promise<Session> {
  const timeoutMs = options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS;
  const deadline = performance.now() + timeoutMs;
  let isOpen = false;
  const stderrTail = new StderrTail();
  const transport = await makeTransport(options, secrets);
  if (signal.aborted) throw signal.reason;
  const connection = new Connection(
    transport,
    {
      ...listener,
      onDiagnostic: (diagnostic) => {
        // What a runtime says that then stays silent is all that there is to explain it.
        if (!isOpen && diagnostic.kind === "stderr") stderrTail.push(diagnostic.text);
        listener.onDiagnostic(diagnostic);
      },
      onClose: (reason) => isOpen && listener.onClose(reason),
    },
    secrets,
    options.maxInFlightRequests ?? DEFAULT_MAX_IN_FLIGHT,
  );
  try {
    await openWithin(connection, timeoutMs, signal);
    const response = await connection.request("initialize", toInitializeParams(options), {
      signal,
      timeoutMs: Math.max(1, deadline - performance.now()),
    });
    const metadata = toInitializeMetadata(response, secrets);
    await connection.notify("initialized");
    signal.throwIfAborted();
    if (connection.closeReason !== undefined) throw connection.closeReason;
    isOpen = true;
    return { connection, metadata, response };
  } catch (error) {
    await connection.close();
    throw toStartFailure(error, timeoutMs, options, stderrTail.text());
  }
}

/** Another machine may stay silent for ever; closing the connection is what ends the opening. */
async function openWithin(
  connection: Connection,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  let failure: { readonly reason: unknown } | undefined;
  const giveUp = (reason: unknown) => {
    failure ??= { reason };
    void connection.close();
  };
  const stopListening = onAbort(signal, giveUp);
  const message = `The Codex runtime could not be reached within ${timeoutMs} ms (startTimeoutMs).`;
  const timer = setTimeout(() => giveUp(new CodexStartError("START_TIMEOUT", message)), timeoutMs);
  try {
    await connection.open();
  } catch (reason) {
    failure ??= { reason };
  } finally {
    clearTimeout(timer);
    stopListening();
  }
  if (failure !== undefined) throw failure.reason;
}

/** Loads the modules of the transport only here: an import of the SDK is to load no module of Node. */
async function makeTransport(options: ClientOptions, secrets: SecretMasker): Promise<Transport> {
  const closeTimeoutMs = options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS;
  if (options.transport?.type === "websocket") {
    secrets.keep(options.transport.token === undefined ? [] : [options.transport.token]);
    const { WebSocketTransport } = await import("../transport/webSocketTransport.js");
    return new WebSocketTransport({
      endpoint: toWebSocketEndpoint(options.transport),
      closeTimeoutMs,
      secrets,
    });
  }
  const { explainSpawnFailure, toLaunchCommand } = await import("./launch.js");
  const { StdioTransport } = await import("../transport/stdioTransport.js");
  const command = toLaunchCommand(options);
  secrets.keep(secretValuesOf(command.env));
  return new StdioTransport({
    command,
    explainSpawnFailure: (error) => explainSpawnFailure(command, error),
    closeTimeoutMs,
    secrets,
  });
}

function toStartFailure(
  error: unknown,
  timeoutMs: number,
  options: ClientOptions,
  stderrTail: string,
): unknown {
  const isOurs = options.transport?.type !== "websocket";
  if (error instanceof RequestTimeoutError) {
    return new CodexStartError(
      "START_TIMEOUT",
      `The Codex runtime did not answer initialize within ${timeoutMs} ms (startTimeoutMs); ${isOurs ? "it" : "the connection"} was ended.${stderrTail === "" ? "" : ` The end of its stderr:\n${stderrTail}`}`,
      { cause: error, exit: { exitCode: null, signal: null, stderrTail } },
    );
  }
  if (error instanceof TransportClosedError) {
    return new CodexStartError(
      isOurs ? "RUNTIME_EXITED" : "CONNECT_FAILED",
      `The Codex runtime ${isOurs ? "ended" : "was gone"} before it had answered initialize. ${error.message}`,
      { cause: error, exit: error },
    );
  }
  return error;
}
