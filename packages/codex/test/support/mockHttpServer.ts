import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** A request that a mock was asked, as it came. */
export interface MockRequest {
  readonly method: string;
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Response of a mock: JSON, with status 200 by default. */
export interface MockAnswer {
  readonly status?: number;
  readonly json: unknown;
}

type Handler = (request: MockRequest) => MockAnswer | undefined | Promise<MockAnswer | undefined>;

/**
 * An HTTP server on a free port of the loopback that records what it was asked and answers JSON. A
 * handler that has no answer leaves it at 404. As a proxy it refuses every CONNECT, and records it.
 */
export class MockHttpServer implements AsyncDisposable {
  readonly origin: string;
  readonly requests: MockRequest[] = [];
  /** The `host:port` of everything that was to be reached through this server as a proxy. */
  readonly refusedConnects: string[] = [];
  readonly #server: Server;
  readonly #handler: Handler;

  private constructor(server: Server, origin: string, handler: Handler) {
    this.#server = server;
    this.origin = origin;
    this.#handler = handler;
    server.on("request", (request, response) => void this.#answer(request, response));
    server.on("connect", (request, socket) => {
      this.refusedConnects.push(request.url ?? "");
      // The runtime may hang up first; a socket that is handed over has no listener of the server's.
      socket.on("error", () => {});
      socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    });
  }

  static async start(handler: Handler): Promise<MockHttpServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The mock has no port.");
    return new MockHttpServer(server, `http://127.0.0.1:${address.port}`, handler);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { pathname, searchParams } = new URL(incoming.url ?? "/", this.origin);
      const request: MockRequest = {
        method: incoming.method ?? "",
        pathname,
        query: searchParams,
        headers: incoming.headers,
        body: await text(incoming),
      };
      this.requests.push(request);
      const answer = await this.#handler(request);
      writeJson(response, answer ?? { status: 404, json: { error: `no ${pathname} here` } });
    } catch (error) {
      if (!response.destroyed) writeJson(response, { status: 500, json: { error: String(error) } });
    }
  }
}

function writeJson(response: ServerResponse, { status = 200, json }: MockAnswer): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(json));
}
