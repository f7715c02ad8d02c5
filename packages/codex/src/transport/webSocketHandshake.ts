import { createHash, randomBytes } from "node:crypto";
import {
  type ClientRequest,
  type IncomingMessage,
  request as requestHttp,
  type RequestOptions,
} from "node:http";
import { request as requestHttps } from "node:https";
import type { Socket } from "node:net";

import { CodexStartError } from "../errors.js";
import { onAbort } from "../internal/abort.js";
import type { SecretMasker } from "../internal/secrets.js";

/** Where a server listens, and what it is to be shown. */
export interface WebSocketEndpoint {
  /** `ws://` or `wss://`, without user information and fragment. */
  readonly url: URL;
  /** Goes into the `Authorization` header as a bearer token, and nowhere else. */
  readonly token: string | undefined;
}

/** RFC 6455, section 1.3: what a server adds to the key, to show that it speaks this protocol. */
const ACCEPT_SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

const MAX_REFUSAL_CHARACTERS = 500;
/** How long a server's own words on its refusal are waited for, in milliseconds. */
const REFUSAL_TEXT_MS = 1000;

/**
 * Opens a WebSocket connection without extensions, and calls `onOpen` with its socket in the tick in
 * which the handshake has ended; nothing was read from it yet. Follows no redirect. Rejects with a
 * `CodexStartError` (`CONNECT_FAILED`), or the signal's reason when it aborts, once the socket is gone.
 * Sets no time limit of its own.
 */
export function openWebSocket(
  { endpoint, secrets }: { readonly endpoint: WebSocketEndpoint; readonly secrets: SecretMasker },
  signal: AbortSignal,
  onOpen: (socket: Socket) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const key = randomBytes(16).toString("base64");
    const request = makeRequest(endpoint, key);
    // A refusal is read to its end before it is told, and the request may have ended by then.
    let isClosed = false;
    let failure: { readonly reason: unknown } | undefined;
    const fail = (reason: unknown) => {
      failure ??= { reason };
      request.destroy();
      if (isClosed) reject(failure.reason);
    };
    const refuse = (why: string, cause?: unknown) =>
      fail(toConnectError(endpoint, secrets.mask(why), cause));
    const stopListening = onAbort(signal, fail);
    request.on("error", (error) => refuse(describeError(error), error));
    request.once("response", (response) => {
      void describeRefusal(response).then((refusal) => refuse(refusal));
    });
    request.once("upgrade", (response, socket, head) => {
      const problem = findUpgradeProblem(response, key);
      if (problem === undefined) {
        stopListening();
        if (head.length > 0) socket.unshift(head);
        onOpen(socket);
        resolve();
        return;
      }
      socket.on("error", () => {});
      socket.destroy();
      refuse(problem);
    });
    request.once("close", () => {
      isClosed = true;
      stopListening();
      if (failure !== undefined) reject(failure.reason);
    });
    request.end();
  });
}

function makeRequest({ url, token }: WebSocketEndpoint, key: string): ClientRequest {
  const options: RequestOptions = {
    // One connection, which is kept: a pool has no part in it.
    agent: false,
    headers: {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": key,
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
  };
  // The schemes differ in name alone: ws is http, wss is https.
  const target = new URL(url.href.replace(/^ws/, "http"));
  return url.protocol === "wss:" ? requestHttps(target, options) : requestHttp(target, options);
}

/** The address as it may be shown: a query may hold what is nobody else's business. */
export function describeUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function toConnectError({ url }: WebSocketEndpoint, why: string, cause: unknown) {
  return new CodexStartError(
    "CONNECT_FAILED",
    `No WebSocket connection to ${describeUrl(url)}: ${why}. Check that a Codex app-server listens there, and the token if it asks for one.`,
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
  const status = `it answered HTTP ${statusCode} ${statusMessage}`.trimEnd();
  return text === "" ? status : `${status}: ${text}`;
}

/** The beginning of the body, as far as it comes within the time that it is given. */
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

function findUpgradeProblem({ headers }: IncomingMessage, key: string): string | undefined {
  const accept = createHash("sha1").update(`${key}${ACCEPT_SALT}`).digest("base64");
  if (headers.upgrade?.toLowerCase() !== "websocket") {
    return `it upgraded to ${JSON.stringify(headers.upgrade)}, not to a WebSocket`;
  }
  if (headers["sec-websocket-accept"] !== accept) {
    return "its Sec-WebSocket-Accept does not fit the key, so it is no WebSocket server";
  }
  for (const name of ["sec-websocket-extensions", "sec-websocket-protocol"]) {
    if (headers[name] !== undefined) return `it chose a ${name}, and none was offered`;
  }
  return undefined;
}
