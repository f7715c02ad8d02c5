import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, request as httpRequest } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Name under which the model stands behind the proxy. No resolver knows it. */
export const MODEL_HOST = "models.company.test";

/**
 * A company's network on the loopback: a proxy through which everything goes (CONNECT), and behind it the
 * model under `https`, with a certificate of the company's own authority.
 */
export class CompanyNetwork implements AsyncDisposable {
  /** The `host:port` of everything that was reached through the proxy. */
  readonly connects: string[] = [];
  /** Values of `Proxy-Authorization` that it was sent. */
  readonly logins: (string | undefined)[] = [];
  /** PEM file with the authority of the company. */
  readonly authority: string;
  readonly #folder: string;
  readonly #servers: readonly Server[];
  readonly #sockets = new Set<Socket>();
  #proxyUrl = "";

  private constructor(target: string) {
    this.#folder = mkdtempSync(join(tmpdir(), "codex-company-"));
    this.authority = join(this.#folder, "ca.pem");
    const { cert, key } = makeCertificates(this.#folder);

    const model = createHttpsServer({ cert, key }, (incoming, response) => {
      const { method, headers } = incoming;
      const options = { method, headers: { ...headers, host: new URL(target).host } };
      const forwarded = httpRequest(new URL(incoming.url ?? "/", target), options, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      forwarded.on("error", () => response.destroy());
      incoming.pipe(forwarded);
    });
    const proxy = createHttpServer((_request, response) => response.writeHead(405).end());
    proxy.on("connect", ({ url = "", headers }, client: Socket, head: Buffer) => {
      this.logins.push(headers["proxy-authorization"]);
      this.connects.push(url);
      const upstream = connect(portOf(model), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.write(head);
        upstream.pipe(client).pipe(upstream);
      });
      for (const [socket, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
    });
    this.#servers = [model, proxy];
  }

  /** Starts the network before the model at `target`; `undefined` where there is no OpenSSL. */
  static async start(target: string): Promise<CompanyNetwork | undefined> {
    if (!hasOpenSsl()) return undefined;
    const network = new CompanyNetwork(target);
    for (const server of network.#servers) {
      // oxlint-disable-next-line no-await-in-loop -- two servers
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    }
    const [, proxy] = network.#servers;
    if (proxy !== undefined) network.#proxyUrl = `http://user:password@127.0.0.1:${portOf(proxy)}`;
    return network;
  }

  get proxyUrl(): string {
    return this.#proxyUrl;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(
      this.#servers.map((server) => new Promise((resolve) => server.close(resolve))),
    );
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function portOf(server: Server): number {
  // SAFETY: the servers listen on TCP ports.
  return (server.address() as AddressInfo).port;
}

/** Returns whether certificates can be made here. */
export function hasOpenSsl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Makes an authority in `ca.pem`, and a certificate of it for the model. */
function makeCertificates(folder: string): { readonly cert: Buffer; readonly key: Buffer } {
  const openssl = (line: string): void => {
    execFileSync("openssl", line.split(" "), { cwd: folder, stdio: "ignore" });
  };
  openssl("req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=Company -keyout ca.key -out ca.pem");
  openssl(`req -newkey rsa:2048 -nodes -subj /CN=${MODEL_HOST} -keyout model.key -out model.csr`);
  writeFileSync(join(folder, "model.ext"), `subjectAltName=DNS:${MODEL_HOST}\n`);
  openssl(
    "x509 -req -in model.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -extfile model.ext -out model.pem",
  );
  return {
    cert: readFileSync(join(folder, "model.pem")),
    key: readFileSync(join(folder, "model.key")),
  };
}
