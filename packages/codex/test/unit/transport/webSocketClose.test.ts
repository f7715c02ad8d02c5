import { describe, expect, it } from "vitest";

import { CodexClosedError } from "../../../src/errors.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import {
  acceptClose,
  connect,
  WebSocketClient,
  UNREAD_BYTES,
} from "../../support/webSocketClient.js";
import {
  closePayload,
  OPCODE,
  serverFrame,
  startRawServer,
  WebSocketPeer,
} from "../../support/webSocketPeer.js";

/** Returns the number of timers that keep this process alive; the test runner has its own. */
function countTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

describe("WebSocketTransport.close", () => {
  it("sends a close frame, waits for the response, and is idempotent", async () => {
    await using peer = await WebSocketPeer.start();
    const { client, server } = await connect(peer);

    const closing = [client.transport.close(), client.transport.close()];
    const frame = await acceptClose(server);
    await Promise.all([...closing, server.closed]);
    await client.transport.close();

    expect([frame.opcode, frame.payload.toString("hex")]).toEqual([OPCODE.close, "03e8"]);
    expect(client.closeReasons).toEqual([expect.any(CodexClosedError)]);
    await expect(client.transport.send("{}")).rejects.toBe(client.closeReasons[0]);
  });

  it("delivers nothing, and answers no ping, once it has sent a close frame", async () => {
    await using peer = await WebSocketPeer.start();
    const { client, server } = await connect(peer);

    const closing = client.transport.close();
    server.socket.write(Buffer.concat([serverFrame(OPCODE.text, "{}"), serverFrame(OPCODE.ping)]));
    await acceptClose(server);
    await closing;

    expect(await server.frames.next()).toEqual({ value: undefined, done: true });
    expect(await client.messages.next()).toEqual({ value: undefined, done: true });
  });

  it("does not wait longer than it may for a peer that gives no answer", async () => {
    await using peer = await WebSocketPeer.start();
    const { client, server } = await connect(peer, 30);

    await client.transport.close();
    await server.closed;

    expect((await server.nextFrame()).opcode).toBe(OPCODE.close);
  });

  it("does not wait longer than it may for a peer that reads nothing", async () => {
    await using peer = await WebSocketPeer.start();
    const { client, server } = await connect(peer, 30);
    server.socket.pause();
    const sending = client.transport.send(`{"text":"${"x".repeat(UNREAD_BYTES)}"}`);
    sending.catch(() => {});

    await client.transport.close();

    await expect(sending).rejects.toBe(client.closeReasons[0]);
  });

  it("ends a connection of a peer that has closed but does not hang up", async () => {
    await using peer = await WebSocketPeer.start();
    const { client, server } = await connect(peer, 30);
    server.socket.pause();
    server.socket.write(serverFrame(OPCODE.close, closePayload(1000)));
    await client.closed.promise;

    await client.transport.close();

    expect(client.closeReasons).toMatchObject([{ code: "TRANSPORT_CLOSED" }]);
  });

  it("ends the opening, and leaves no socket", async () => {
    const asked = createDeferred<void>();
    await using server = await startRawServer(() => asked.resolve());
    const client = new WebSocketClient(server.url);
    const opening = client.open();
    opening.catch(() => {});
    await asked.promise;

    await client.transport.close();

    await expect(opening).rejects.toMatchObject({ code: "CLOSED" });
    expect(client.closeReasons).toEqual([]);
    await expect(client.transport.send("{}")).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("before the opening makes it fail, with nothing connected", async () => {
    await using server = await startRawServer(() => {});
    const client = new WebSocketClient(server.url);

    await client.transport.close();

    await expect(client.open()).rejects.toMatchObject({ code: "CLOSED" });
    expect(server.sockets).toEqual([]);
  });

  it("has nothing to do after an opening that failed", async () => {
    const server = await startRawServer(() => {});
    await server[Symbol.asyncDispose]();
    const client = new WebSocketClient(server.url);
    await expect(client.open()).rejects.toMatchObject({ code: "CONNECT_FAILED" });

    await client.transport.close();

    expect(client.closeReasons).toEqual([]);
  });

  it("leaves no timer and no socket behind", async () => {
    await using peer = await WebSocketPeer.start();
    const before = countTimers();
    const { client, server } = await connect(peer, 30_000);
    await Promise.all([acceptClose(server), client.transport.close()]);
    await server.closed;

    // A timer that another file left in this process may end meanwhile.
    expect(countTimers()).toBeLessThanOrEqual(before);
  });
});
