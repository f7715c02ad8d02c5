import { CodexStartError, RequestTimeoutError, TransportClosedError } from "../errors.js";
import { Connection, type ConnectionListener } from "../rpc/connection.js";
import { StdioTransport } from "../transport/stdioTransport.js";
import type { Transport } from "../transport/transport.js";
import { type InitializeMetadata, toInitializeMetadata, toInitializeParams } from "./handshake.js";
import { explainSpawnFailure, toLaunchCommand } from "./launch.js";
import type { ClientOptions } from "./options.js";

const DEFAULT_START_TIMEOUT_MS = 30_000;
const DEFAULT_CLOSE_TIMEOUT_MS = 2_000;
const DEFAULT_MAX_IN_FLIGHT = 64;

/** A runtime that has been started and has shaken hands. */
export interface Session {
  readonly connection: Connection;
  readonly metadata: InitializeMetadata;
}

/**
 * Starts the runtime and shakes hands. Rejects with a `CodexStartError` (or the signal's reason) and
 * leaves nothing behind then; the listener hears of the end only of a session that was opened.
 */
export async function openSession(
  options: ClientOptions,
  listener: ConnectionListener,
  signal: AbortSignal,
): Promise<Session> {
  const timeoutMs = options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS;
  let isOpen = false;
  const connection = new Connection(
    makeTransport(options),
    { ...listener, onClose: (reason) => isOpen && listener.onClose(reason) },
    options.maxInFlightRequests ?? DEFAULT_MAX_IN_FLIGHT,
  );
  try {
    await connection.open();
    const response = await connection.request("initialize", toInitializeParams(options), {
      signal,
      timeoutMs,
    });
    const metadata = toInitializeMetadata(response);
    await connection.notify("initialized");
    signal.throwIfAborted();
    if (connection.closeReason !== undefined) throw connection.closeReason;
    isOpen = true;
    return { connection, metadata };
  } catch (error) {
    await connection.close();
    throw toStartFailure(error, timeoutMs);
  }
}

function makeTransport(options: ClientOptions): Transport {
  const command = toLaunchCommand(options);
  return new StdioTransport({
    command,
    explainSpawnFailure: (error) => explainSpawnFailure(command.file, error),
    closeTimeoutMs: options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS,
  });
}

function toStartFailure(error: unknown, timeoutMs: number): unknown {
  if (error instanceof RequestTimeoutError) {
    return new CodexStartError(
      "START_TIMEOUT",
      `The Codex runtime did not answer initialize within ${timeoutMs} ms (startTimeoutMs); it was ended.`,
      { cause: error },
    );
  }
  if (error instanceof TransportClosedError) {
    return new CodexStartError(
      "RUNTIME_EXITED",
      `The Codex runtime ended before it had answered initialize. ${error.message}`,
      { cause: error, exit: error },
    );
  }
  return error;
}
