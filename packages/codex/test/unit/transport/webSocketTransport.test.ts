import { describe, expect, it } from "vitest";

import { MAX_FRAME_PAYLOAD_BYTES } from "../../../src/transport/webSocketTransport.js";
import { acceptClose, connect, TOKEN, UNREAD_BYTES } from "../../support/webSocketClient.js";
import {
  type ClientFrame,
  closePayload,
  OPCODE,
  serverFrame,
  WebSocketPeer,
} from "../../support/webSocketPeer.js";

function textOf(frame: ClientFrame): string {
  return frame.payload.toString();
}

describe("WebSocketTransport", () => {
  it("carries messages both ways, in order", async () => {
    await using peer = await WebSocketPeer.start();
    const { client, server } = await connect(peer);

    await Promise.all(["{1}", "{2}", "{é}"].map((text) => client.transport.send(text)));
    server.socket.write(
      Buffer.concat([serverFrame(OPCODE.text, '{"a":1}'), serverFrame(OPCODE.text, ' {"b":2}\n')]),
    );

    const sent = [await server.nextFrame(), await server.nextFrame(), await server.nextFrame()];
    expect(sent.map((frame) => ({ ...frame, payload: textOf(frame) }))).toEqual(
      ["{1}", "{2}", "{é}"].map((payload) => {
        return { isFinal: true, opcode: OPCODE.text, isMasked: true, payload };
      }),
    );
    expect([await client.messages.next(), await client.messages.next()]).toEqual([
      { value: '{"a":1}', done: false },
      { value: '{"b":2}', done: false },
    ]);
    await Promise.all([acceptClose(server), client.transport.close()]);
  });

  it("delivers what came in one chunk with the handshake's end", async () => {
    await using peer = await WebSocketPeer.start(serverFrame(OPCODE.text, '{"early":true}'));
    await using client = (await connect(peer, 1)).client;

    expect((await client.messages.next()).value).toBe('{"early":true}');
  });

  it("sends 20 MB in frames of bounded size, and reads 20 MB in one frame", async () => {
    await using peer = await WebSocketPeer.start();
    const { client, server } = await connect(peer);
    const text = `{"text":"${"é".repeat(10_000_000)}"}`;

    const sending = client.transport.send(text);
    const frames: ClientFrame[] = [];
    do frames.push(await server.nextFrame());
    while (frames.at(-1)?.isFinal === false);
    server.socket.write(serverFrame(OPCODE.text, text));

    expect(Buffer.concat(frames.map(({ payload }) => payload)).toString() === text).toBe(true);
    expect(Math.max(...frames.map(({ payload }) => payload.length))).toBe(MAX_FRAME_PAYLOAD_BYTES);
    await sending;
    expect((await client.messages.next()).value === text).toBe(true);
    await Promise.all([acceptClose(server), client.transport.close()]);
  });

  it("answers a ping with its payload, also between the fragments of a message", async () => {
    await using peer = await WebSocketPeer.start();
    const { client, server } = await connect(peer);

    server.socket.write(serverFrame(OPCODE.text, "{", { isFinal: false }));
    server.socket.write(serverFrame(OPCODE.ping, "are you there"));
    const pong = await server.nextFrame();
    server.socket.write(serverFrame(OPCODE.pong, "unasked"));
    server.socket.write(serverFrame(OPCODE.continuation, "}"));

    expect([pong.opcode, textOf(pong)]).toEqual([OPCODE.pong, "are you there"]);
    expect((await client.messages.next()).value).toBe("{}");
    await Promise.all([acceptClose(server), client.transport.close()]);
  });

  it("reports a message that is not an object, and continues", async () => {
    await using peer = await WebSocketPeer.start();
    const { client, server } = await connect(peer);

    server.socket.write(serverFrame(OPCODE.text, `junk ${TOKEN}`));
    server.socket.write(serverFrame(OPCODE.text, "{}"));

    expect((await client.messages.next()).value).toBe("{}");
    expect(client.diagnostics).toEqual([{ kind: "unparsableLine", text: `junk ${TOKEN}` }]);
    await Promise.all([acceptClose(server), client.transport.close()]);
  });

  it.each([
    ["a code and a reason", closePayload(1001, `bye ${TOKEN}`), "1001: bye [masked]", "03e9"],
    ["a code", closePayload(4000), "4000", "0fa0"],
    ["nothing", Buffer.alloc(0), "1005", ""],
  ])(
    "reports how the peer closed, with %s, and answers it",
    async (_what, payload, shown, answer) => {
      await using peer = await WebSocketPeer.start();
      const { client, server } = await connect(peer);

      server.socket.write(serverFrame(OPCODE.text, "{}"));
      server.socket.write(serverFrame(OPCODE.close, payload));
      server.socket.write(serverFrame(OPCODE.text, '{"late":true}'));
      const reply = await server.nextFrame();
      await server.closed;
      await client.transport.close();

      expect([reply.opcode, reply.payload.toString("hex", 0, 2)]).toEqual([OPCODE.close, answer]);
      expect([(await client.messages.next()).value, await client.messages.next()]).toEqual([
        "{}",
        { value: undefined, done: true },
      ]);
      expect(client.closeReasons).toMatchObject([
        {
          code: "TRANSPORT_CLOSED",
          message: `The Codex runtime closed the WebSocket connection to ${peer.url.href} (close code ${shown}).`,
          exitCode: null,
          signal: null,
          stderrTail: "",
          turn: null,
        },
      ]);
      await expect(client.transport.send("{}")).rejects.toBe(client.closeReasons[0]);
    },
  );

  it.each([
    ["a protocol error", serverFrame(OPCODE.continuation, "x"), 1002, "invalid opcode 0"],
    ["a binary message", serverFrame(OPCODE.binary, "{}"), 1003, "binary"],
    ["bad UTF-8", serverFrame(OPCODE.text, Buffer.from([0xff])), 1007, "UTF-8"],
    ["an impossible length", Buffer.from("817f0020000000000000", "hex"), 1009, "2\\^53"],
    ["a message above the limit", serverFrame(OPCODE.text, "x".repeat(101)), 1009, "100 bytes"],
  ])(
    "closes on %s, sends the close code, and reads no further",
    async (_what, bytes, code, why) => {
      await using peer = await WebSocketPeer.start();
      const { client, server } = await connect(peer, undefined, { maxMessageBytes: 100 });

      server.socket.write(
        Buffer.concat([serverFrame(OPCODE.text, "{}"), bytes, serverFrame(OPCODE.text, "{}")]),
      );
      const frame = await server.nextFrame();
      await server.closed;
      const reason = await client.closed.promise;

      expect([frame.opcode, frame.payload.readUInt16BE(0)]).toEqual([OPCODE.close, code]);
      expect(reason).toMatchObject({
        code: "TRANSPORT_CLOSED",
        message: expect.stringMatching(new RegExp(`was closed here, because .*${why}`)),
      });
      expect([(await client.messages.next()).value, (await client.messages.next()).done]).toEqual([
        "{}",
        true,
      ]);
      await client.transport.close();
    },
  );

  it("reports that the connection was cut off without a close frame", async () => {
    await using peer = await WebSocketPeer.start();
    const { client, server } = await connect(peer);

    server.socket.end();

    expect(await client.closed.promise).toMatchObject({
      code: "TRANSPORT_CLOSED",
      message: `The WebSocket connection to ${peer.url.href} was cut off (close code 1006, no close frame).`,
      exitCode: null,
    });
    await client.transport.close();
    await server.closed;
    expect(client.closeReasons).toHaveLength(1);
  });

  it("rejects a send that can no longer arrive with how the connection ended", async () => {
    await using peer = await WebSocketPeer.start();
    const { client, server } = await connect(peer);
    server.socket.pause();
    const sending = client.transport.send(`{"text":"${"x".repeat(UNREAD_BYTES)}"}`);
    sending.catch(() => {});
    server.socket.destroy();

    const reason = await client.closed.promise;

    await expect(sending).rejects.toBe(reason);
    expect(reason).toMatchObject({ message: expect.stringContaining("close code 1006") });
    await client.transport.close();
  });
});
