import { once } from "node:events";
import type { Socket } from "node:net";

import { describe, expect, it } from "vitest";

import { CodexStartError } from "../../../src/errors.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import { SecretMasker } from "../../../src/internal/secrets.js";
import {
  openWebSocket,
  type OpenWebSocket,
  type WebSocketOpening,
} from "../../../src/transport/webSocketOpening.js";
import { acceptText, startRawServer } from "../../support/webSocketPeer.js";

const TOKEN = "correct-horse-battery-staple";

function connect(url: URL | string, signal: AbortSignal = new AbortController().signal) {
  return new Promise<OpenWebSocket>((resolve, reject) => {
    const opening: WebSocketOpening = {
      endpoint: { kind: "url", url: new URL(url), token: TOKEN, tls: undefined },
      secrets: new SecretMasker([TOKEN]),
      maxMessageBytes: 1_000,
      closeTimeoutMs: 1_000,
    };
    openWebSocket(opening, signal, resolve).catch(reject);
  });
}

/** Connects to a server that answers with `answer`, and returns the failure and what the client asked. */
async function refusalOf(answer: (socket: Socket, key: string) => void, path = "/") {
  const request = createDeferred<string>();
  await using server = await startRawServer((socket, text) => {
    request.resolve(text);
    answer(socket, keyOf(text));
  });
  const error: unknown = await connect(new URL(path, server.url)).catch(
    (reason: unknown) => reason,
  );
  if (!(error instanceof CodexStartError)) throw new Error("no start error", { cause: error });
  // The client has let go of its socket, and asked no second time.
  await Promise.all(server.sockets.map((socket) => socket.closed || once(socket, "close")));
  expect(server.sockets).toHaveLength(1);
  expect(error.message).not.toContain(TOKEN);
  return { code: error.code, message: error.message.replace(server.url.host, "HOST") };
}

function keyOf(request: string): string {
  return /^sec-websocket-key: (.+)$/im.exec(request)?.[1] ?? "";
}

function failure(why: string, url = "ws://HOST/") {
  return {
    code: "CONNECT_FAILED",
    message: `No WebSocket connection to ${url}: ${why}. Check that a Codex app-server listens there, and the token if it asks for one.`,
  };
}

describe("openWebSocket", () => {
  it("asks for an upgrade, with the token in its header alone", async () => {
    const request = createDeferred<string>();
    await using server = await startRawServer((socket, text) => {
      request.resolve(text);
      socket.write(acceptText(keyOf(text)));
    });

    const { webSocket } = await connect(new URL("/some/path?q=1", server.url));

    const [first, ...lines] = (await request.promise).trimEnd().split("\r\n");
    expect(first).toBe("GET /some/path?q=1 HTTP/1.1");
    expect(lines.map((line) => line.replace(/(Key: )[\w+/]{22}==$/, "$1KEY")).toSorted()).toEqual([
      `Authorization: Bearer ${TOKEN}`,
      "Connection: Upgrade",
      `Host: ${server.url.host}`,
      "Sec-WebSocket-Key: KEY",
      "Sec-WebSocket-Version: 13",
      "Upgrade: websocket",
    ]);
    webSocket.terminate();
  });

  it("uses a new key for each connection", async () => {
    const keys: string[] = [];
    await using server = await startRawServer((socket, text) => {
      keys.push(keyOf(text));
      socket.write(acceptText(keyOf(text)));
    });

    for (const { webSocket } of await Promise.all([connect(server.url), connect(server.url)])) {
      webSocket.terminate();
    }

    expect(new Set(keys).size).toBe(2);
  });

  it("reports that nothing listens there", async () => {
    const server = await startRawServer(() => {});
    await server[Symbol.asyncDispose]();

    await expect(connect(server.url)).rejects.toMatchObject({
      code: "CONNECT_FAILED",
      message: expect.stringContaining(`connect ECONNREFUSED ${server.url.host}`),
      cause: { code: "ECONNREFUSED" },
    });
  });

  it("names every address of a host that could not be reached", async () => {
    const server = await startRawServer(() => {});
    await server[Symbol.asyncDispose]();
    const url = new URL(server.url);
    url.hostname = "localhost";

    await expect(connect(url)).rejects.toMatchObject({
      code: "CONNECT_FAILED",
      message: expect.stringContaining(`ECONNREFUSED 127.0.0.1:${url.port}`),
    });
  });

  it("quotes a refusal, without the token and without the query of the address", async () => {
    const refusal = await refusalOf((socket) => {
      const body = `no access\n  for ${TOKEN}`;
      socket.end(`HTTP/1.1 401 Unauthorized\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    }, "/path?ticket=secret");

    expect(refusal).toEqual(
      failure(
        "the server responded with HTTP 401 Unauthorized: no access for [masked]",
        "ws://HOST/path",
      ),
    );
  });

  it("cuts a refusal that has no end", async () => {
    const refusal = await refusalOf((socket) => {
      socket.write(`HTTP/1.1 500 Broken\r\nTransfer-Encoding: chunked\r\n\r\n2710\r\n`);
      socket.write("x".repeat(10_000));
    });

    expect(refusal).toEqual(
      failure(`the server responded with HTTP 500 Broken: ${"x".repeat(500)}`),
    );
  });

  it("does not wait for ever for a refusal's text", async () => {
    const refusal = await refusalOf((socket) => {
      socket.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nno Origin");
    });

    expect(refusal).toEqual(failure("the server responded with HTTP 403 Forbidden: no Origin"));
  });

  it("follows no redirect, and does not take the token elsewhere", async () => {
    const refusal = await refusalOf((socket) => {
      socket.end(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
      );
    });

    expect(refusal).toEqual(failure("the server responded with HTTP 302 Found"));
  });

  it.each<[string, (key: string) => string, string]>([
    [
      "a key that is not answered",
      (key) => acceptText(`x${key}`),
      "Invalid Sec-WebSocket-Accept header",
    ],
    [
      "an upgrade to something else",
      (key) => acceptText(key).replace("WebSocket\r", "h2c\r"),
      "Invalid Upgrade header",
    ],
    [
      "an extension that was not offered",
      (key) => acceptText(key, ["Sec-WebSocket-Extensions: permessage-deflate"]),
      "Server sent a Sec-WebSocket-Extensions header but no extension was requested",
    ],
    [
      "a subprotocol that was not offered",
      (key) => acceptText(key, ["Sec-WebSocket-Protocol: chat"]),
      "Server sent a subprotocol but none was requested",
    ],
    [
      "a switch of protocols without an upgrade",
      () => "HTTP/1.1 101 Switching Protocols\r\n\r\n",
      "the server responded with HTTP 101 Switching Protocols",
    ],
  ])("refuses %s", async (_what, answer, why) => {
    expect(await refusalOf((socket, key) => socket.write(answer(key)))).toEqual(failure(why));
  });

  it("refuses what is not HTTP", async () => {
    const { code, message } = await refusalOf((socket) => socket.write("SSH-2.0-OpenSSH_9.6\r\n"));

    expect([code, message]).toEqual(["CONNECT_FAILED", expect.stringContaining("Parse Error")]);
  });

  it("reports that the server closed the connection", async () => {
    expect(await refusalOf((socket) => socket.destroy())).toEqual(failure("socket hang up"));
  });

  it("speaks TLS to wss, and nothing else", async () => {
    await using server = await startRawServer(() => {});
    const url = new URL(server.url);
    url.protocol = "wss:";
    const connecting = connect(url);
    connecting.catch(() => {});
    while (server.sockets.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const [hello] = await once(server.sockets[0] as Socket, "data");
    server.sockets[0]?.end("HTTP/1.1 200 OK\r\n\r\n");

    // A TLS handshake record; the request, with its token, stays unsent.
    expect((hello as Buffer)[0]).toBe(0x16);
    await expect(connecting).rejects.toMatchObject({
      code: "CONNECT_FAILED",
      message: expect.stringContaining("wrong version number"),
    });
  });

  it("connects nothing for a signal that has aborted before", async () => {
    await using server = await startRawServer(() => {});

    await expect(connect(server.url, AbortSignal.abort("not today"))).rejects.toBe("not today");
    expect(server.sockets).toEqual([]);
  });

  it("rejects with the signal's reason, and releases the socket, while the server is silent", async () => {
    const asked = createDeferred<Socket>();
    await using server = await startRawServer((socket) => asked.resolve(socket));
    const controller = new AbortController();
    const connecting = connect(server.url, controller.signal);
    const closed = once(await asked.promise, "close");
    controller.abort("enough");

    await expect(connecting).rejects.toBe("enough");
    await closed;
  });

  it("rejects with the signal's reason while it connects", async () => {
    await using server = await startRawServer(() => {});
    const controller = new AbortController();
    const connecting = connect(server.url, controller.signal);
    controller.abort("enough");

    await expect(connecting).rejects.toBe("enough");
  });
});
