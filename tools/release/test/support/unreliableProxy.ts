import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

import { listen } from "./loopbackRegistry.js";

/** Fate of a request. */
export type Fate =
  /** It reaches the registry, and its answer comes back. */
  | "forward"
  /** The connection breaks at once. */
  | "drop"
  /** It reaches the registry, but the answer is lost. */
  | "lose answer"
  /** It is answered with content of our own. */
  | "forge"
  /** It is refused until a one-time password comes with it. */
  | "ask for OTP"
  /** Nothing ever happens. */
  | "hang"
  /** It is answered with this status. */
  | number;

/** One request: `PUT @openai/codex`, `GET @openai/codex`, `HEAD <tarball>`. */
export type ProxiedRequest = `${string} ${string}`;

export interface UnreliableProxy extends AsyncDisposable {
  readonly url: string;
  /** Every request that came in, in order. */
  readonly requests: readonly ProxiedRequest[];
}

/** Stands between a client and a registry, and decides the fate of each request. */
export async function unreliableProxy(
  registry: string,
  fateOf: (request: ProxiedRequest, nth: number) => Fate,
): Promise<UnreliableProxy> {
  const requests: ProxiedRequest[] = [];
  const server = createServer((incoming, answer) => {
    const path = decodeURIComponent(new URL(incoming.url ?? "/", registry).pathname).slice(1);
    const name: ProxiedRequest = `${incoming.method ?? "GET"} ${path}`;
    requests.push(name);
    const nth = requests.filter((each) => each === name).length;
    const fate = fateOf(name, nth);
    if (fate === "drop") incoming.socket.destroy();
    else if (fate === "forge") incoming.resume().on("end", () => answer.end("forged"));
    else if (typeof fate === "number") refuse(incoming, answer, fate);
    else if (fate === "ask for OTP") {
      answer.setHeader("www-authenticate", "OTP");
      refuse(incoming, answer, 401);
    } else if (fate !== "hang") forward(incoming, answer, registry, fate === "lose answer");
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(incoming: IncomingMessage, answer: ServerResponse, status: number): void {
  // The body is read to its end, or the client would see a broken connection instead.
  incoming
    .resume()
    .on("end", () =>
      answer.writeHead(status).end(JSON.stringify({ error: `refused with ${status}` })),
    );
}

function forward(
  incoming: IncomingMessage,
  answer: ServerResponse,
  registry: string,
  isLost: boolean,
): void {
  const { method, headers } = incoming;
  const outgoing = request(
    new URL(incoming.url ?? "/", registry),
    { method, headers },
    (response) => {
      if (isLost) {
        response.resume().on("end", () => incoming.socket.destroy());
        return;
      }
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    },
  );
  outgoing.on("error", () => answer.destroy());
  incoming.pipe(outgoing);
}
