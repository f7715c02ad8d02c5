import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";

import { Codex } from "../../../src/index.js";
import { initializeResult } from "../../support/wire.js";

const folder = mkdtempSync(join(tmpdir(), "codex-tls-"));

/** Makes a certificate for localhost that no authority has signed; `undefined` without OpenSSL. */
function makeCertificate(): { readonly cert: Buffer; readonly key: Buffer } | undefined {
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const args = `req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost`;
  try {
    execFileSync("openssl", [...args.split(" "), "-keyout", key, "-out", cert], {
      stdio: "ignore",
    });
  } catch {
    return undefined;
  }
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

const certificate = makeCertificate();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(certificate === undefined)("a wss:// connection", () => {
  const server = createServer(certificate ?? {});
  const sockets = new WebSocketServer({ server });
  const tokens: (string | undefined)[] = [];
  let url = "";
  beforeAll(async () => {
    sockets.on("connection", (socket, { headers }) => {
      tokens.push(headers.authorization);
      socket.on("message", (data) => {
        const { id } = JSON.parse(String(data));
        if (id !== undefined) socket.send(JSON.stringify({ id, result: initializeResult() }));
      });
    });
    server.listen(0);
    await once(server, "listening");
    // SAFETY: a server that listens on a port has an address of this form.
    url = `wss://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    sockets.close();
    server.close();
  });

  it("is refused for a certificate that is not trusted, before the token is sent", async () => {
    await using codex = new Codex({
      transport: { type: "websocket", url, token: "a-token-of-mine" },
    });
    await expect(codex.start()).rejects.toMatchObject({
      code: "CONNECT_FAILED",
      message: expect.stringMatching(/self-signed certificate\. Pass .* transport\.tls\.ca/),
    });
    expect(tokens).toEqual([]);
  });

  it("is made, with the token, when tls.ca has the certificate", async () => {
    const tls = { ca: certificate?.cert, cert: [certificate?.cert ?? ""], key: certificate?.key };
    await using codex = new Codex({
      transport: { type: "websocket", url, token: "a-token-of-mine", tls },
    });
    await codex.start();
    expect(tokens).toEqual(["Bearer a-token-of-mine"]);
  });

  it("is refused for a key that is not that of the certificate, and the server is not blamed", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const key = privateKey.export({ type: "pkcs8", format: "pem" });
    const tls = { cert: certificate?.cert, key: key.toString() };
    expect(() => new Codex({ transport: { type: "websocket", url, tls } })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", option: "transport.tls.key" }),
    );
  });
});
