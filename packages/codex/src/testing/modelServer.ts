import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

import { CodexError } from "../errors.js";
import type { ReceivedRequest } from "./modelRequest.js";

/** Handles one HTTP request whose body has been read. */
export type RequestHandler = (
  received: ReceivedRequest,
  response: ServerResponse,
) => void | Promise<void>;

/** An HTTP server on a free port of 127.0.0.1. */
export interface ModelServer {
  readonly port: number;
  /** Cuts every open connection and frees the port. */
  close(): Promise<void>;
}

/** Starts a server. Leaves nothing behind when it rejects. */
export async function startModelServer(handle: RequestHandler): Promise<ModelServer> {
  const server = createServer((request, response) => void serve(request, response, handle));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    await closeServer(server);
    throw new CodexError("CONNECT_FAILED", `The scripted model has no port: ${String(address)}`);
  }
  return { port: address.port, close: () => closeServer(server) };
}

/**
 * Answers with an error. The runtime shows the body of a status 400 to its client as it stands, and hides
 * that of a status 500.
 */
export function answerError(response: ServerResponse, status: number, problem: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(problem);
}

export function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  handle: RequestHandler,
): Promise<void> {
  try {
    await handle(await receive(incoming), response);
  } catch (error) {
    // A client that has closed the connection gets no response.
    if (response.destroyed) return;
    answerError(response, 400, `the script of ScriptedModel failed: ${String(error)}`);
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

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
