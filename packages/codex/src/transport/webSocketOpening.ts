import { realpathSync } from "node:fs";
import type { ClientRequest, IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";

import { type ClientOptions, WebSocket } from "ws";

import { CodexStartError } from "../errors.js";
import { onAbort } from "../internal/abort.js";
import type { SecretMasker } from "../internal/secrets.js";
import { clearTimeout, setTimeout } from "../internal/timers.js";
import { connectRemedy, describeEndpoint, type WebSocketEndpoint } from "./webSocketEndpoint.js";

/** An open connection. */
export interface OpenWebSocket {
  readonly webSocket: WebSocket;
  /** The connection below, TLS included. */
  readonly socket: Socket;
}

/** Address and limits of a connection to open. */
export interface WebSocketOpening {
  readonly endpoint: WebSocketEndpoint;
  readonly secrets: SecretMasker;
  /** Size of the largest message that may be received, in bytes. */
  readonly maxMessageBytes: number;
  /** Time limit for the app-server to end its side after a close frame, in milliseconds. */
  readonly closeTimeoutMs: number;
}

/** The smallest limit of the systems for the path of a socket (macOS; Linux has 107). */
const MAX_SOCKET_PATH_BYTES = 103;
const MAX_REFUSAL_CHARACTERS = 500;
/** Time limit for the text of a refusal, in milliseconds. */
const REFUSAL_TEXT_MS = 1000;

/**
 * Opens a WebSocket connection without extensions, and calls `onOpen` in the tick in which the handshake
 * has ended; nothing was read from the connection yet. Follows no redirect, and has no time limit of its
 * own. Rejects with a `CodexStartError` (`CONNECT_FAILED`), or the signal's reason when it aborts, once
 * the connection is gone.
 */
export function openWebSocket(
  opening: WebSocketOpening,
  signal: AbortSignal,
  onOpen: (open: OpenWebSocket) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let webSocket: WebSocket;
    try {
      webSocket = makeWebSocket(opening);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw toConnectError(opening, message, error);
    }
    let failure: { readonly reason: unknown } | undefined;
    const fail = (reason: unknown) => {
      failure ??= { reason };
      // Ends the connection at once, and emits "close" then.
      webSocket.terminate();
    };
    const refuse = (why: string, cause?: unknown) => fail(toConnectError(opening, why, cause));
    const stopListening = onAbort(signal, fail);
    let socket: Socket | undefined;
    const onError = (error: Error) => refuse(describeError(error), error);
    const onClose = () => {
      stopListening();
      reject(failure?.reason);
    };
    webSocket.on("error", onError);
    webSocket.once("close", onClose);
    webSocket.once("upgrade", (response) => {
      socket = response.socket;
    });
    webSocket.once("unexpected-response", (_request: ClientRequest, response) => {
      void describeRefusal(response).then((refusal) => refuse(refusal));
    });
    webSocket.once("open", () => {
      // SAFETY: an open WebSocket has been upgraded on this socket.
      const open = { webSocket, socket: socket as Socket };
      stopListening();
      webSocket.off("error", onError);
      webSocket.off("close", onClose);
      onOpen(open);
      resolve();
    });
  });
}

function makeWebSocket({ endpoint, ...limits }: WebSocketOpening): WebSocket {
  const options: ClientOptions & { readonly closeTimeout: number } = {
    perMessageDeflate: false,
    maxPayload: limits.maxMessageBytes,
    closeTimeout: limits.closeTimeoutMs,
  };
  if (endpoint.kind === "unix") {
    // Not a ws+unix: address, in which a colon of the path would end it.
    const path = toShortPath(endpoint.path);
    return new WebSocket("ws://localhost/", { ...options, createConnection: () => connect(path) });
  }
  const { url, token, tls } = endpoint;
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  // SAFETY: the lists are read-only here, and `node:tls` does not change them.
  return new WebSocket(url, { ...options, headers, ...(tls as ClientOptions) });
}

/**
 * Returns a path of a socket that the system takes. A longer one is cut without an error, and would lead
 * elsewhere; the app-server makes a link of it, to a socket with a short path.
 */
function toShortPath(path: string): string {
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return path;
  const target = realpathSync(path);
  if (Buffer.byteLength(target) <= MAX_SOCKET_PATH_BYTES) return target;
  const error = new Error(`the path has more than ${MAX_SOCKET_PATH_BYTES} bytes`);
  throw Object.assign(error, { code: "ENAMETOOLONG" });
}

function toConnectError({ endpoint, secrets }: WebSocketOpening, why: string, cause: unknown) {
  return new CodexStartError(
    "CONNECT_FAILED",
    `No WebSocket connection to ${describeEndpoint(endpoint)}: ${secrets.mask(why)}. ${connectRemedy(cause)}`,
    cause === undefined ? {} : { cause },
  );
}

/** An `AggregateError`, of a name with several addresses, has no message of its own. */
function describeError(error: Error): string {
  const parts: unknown[] = error instanceof AggregateError ? error.errors : [error];
  return parts.map((part) => (part instanceof Error ? part.message : String(part))).join("; ");
}

async function describeRefusal(response: IncomingMessage): Promise<string> {
  const { statusCode, statusMessage = "" } = response;
  const text = await readStart(response);
  const status = `the server responded with HTTP ${statusCode} ${statusMessage}`.trimEnd();
  return text === "" ? status : `${status}: ${text}`;
}

/** Reads the beginning of the body, as far as it comes in time. */
function readStart(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const finish = () => {
      clearTimeout(timer);
      resolve(text.replaceAll(/\s+/g, " ").trim().slice(0, MAX_REFUSAL_CHARACTERS));
    };
    const timer = setTimeout(finish, REFUSAL_TEXT_MS);
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      text += chunk;
      if (text.length >= MAX_REFUSAL_CHARACTERS) finish();
    });
    response.on("error", finish);
    response.once("close", finish);
  });
}
