import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { encodeFrame, OPCODE, WebSocketViolation } from "../../../src/transport/webSocketFrame.js";
import {
  MAX_FRAME_PAYLOAD_BYTES,
  MessageDecoder,
  toCloseFrame,
  toTextFrames,
  type WebSocketEvent,
} from "../../../src/transport/webSocketMessage.js";
import { splitBytes } from "../../support/splitBytes.js";
import { closePayload, readClientFrames, serverFrame } from "../../support/webSocketPeer.js";

const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 40 }));

// Any code points, and no half of a surrogate pair.
const texts = fc.string({ unit: "binary", maxLength: 60 });

/** A text message in fragments that end anywhere, also within a character, with pings in between. */
const textMessages = fc
  .record({
    text: texts,
    cuts: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 5 }),
    pings: fc.boolean(),
  })
  .map(({ text, cuts, pings }) => {
    const whole = Buffer.from(text);
    const pieces: Buffer[] = [];
    let offset = 0;
    for (const cut of cuts) {
      pieces.push(whole.subarray(offset, offset + cut));
      offset = Math.min(offset + cut, whole.length);
    }
    pieces.push(whole.subarray(offset));
    const isPinged = pings && pieces.length > 1;
    const bytes = pieces.flatMap((piece, index) => [
      ...(isPinged && index === 1 ? [serverFrame(OPCODE.ping, "between")] : []),
      serverFrame(index === 0 ? OPCODE.text : OPCODE.continuation, piece, {
        isFinal: index === pieces.length - 1,
      }),
    ]);
    const between: WebSocketEvent = { kind: "ping", payload: Buffer.from("between") };
    const message: WebSocketEvent = { kind: "text", text };
    return { bytes: Buffer.concat(bytes), events: isPinged ? [between, message] : [message] };
  });

const pong: WebSocketEvent = { kind: "pong" };
const ping: WebSocketEvent = { kind: "ping", payload: Buffer.from("now") };
const controls = fc.constantFrom(
  { bytes: serverFrame(OPCODE.pong, "late"), events: [pong] },
  { bytes: serverFrame(OPCODE.ping, "now"), events: [ping] },
);

function decodeToViolation(bytes: Buffer) {
  const events: WebSocketEvent[] = [];
  try {
    for (const event of new MessageDecoder().push(bytes)) events.push(event);
  } catch (error) {
    if (!(error instanceof WebSocketViolation)) throw error;
    return { events, closeCode: error.closeCode, message: error.message };
  }
  throw new Error("nothing was refused");
}

describe("MessageDecoder", () => {
  it("reads any sequence of messages, however it is cut into fragments and chunks", () => {
    const sequences = fc.array(fc.oneof(textMessages, controls), { maxLength: 6 });
    fc.assert(
      fc.property(sequences, sizes, (messages, chunkSizes) => {
        const decoder = new MessageDecoder();
        const bytes = Buffer.concat(messages.map((message) => message.bytes));
        const read = splitBytes(bytes, chunkSizes).flatMap((chunk) => [...decoder.push(chunk)]);

        expect(read).toEqual(messages.flatMap(({ events }): readonly WebSocketEvent[] => events));
      }),
      { numRuns: 300 },
    );
  });

  it("keeps a byte order mark and every line separator as text", () => {
    const text = "\ufeff{\u2028\u0085\r\n\u0000}";

    expect([...new MessageDecoder().push(serverFrame(OPCODE.text, text))]).toEqual([
      { kind: "text", text },
    ]);
  });

  it.each([
    ["with a code and a reason", closePayload(4001, "é"), { code: 4001, reason: "é" }],
    ["with a code alone", closePayload(1001), { code: 1001, reason: "" }],
    ["with nothing", Buffer.alloc(0), { code: 1005, reason: "" }],
  ])("reads a close frame %s", (_what, payload, status) => {
    expect([...new MessageDecoder().push(serverFrame(OPCODE.close, payload))]).toEqual([
      { kind: "close", ...status },
    ]);
  });

  const start = serverFrame(OPCODE.text, "{", { isFinal: false });
  it.each([
    ["a binary message", serverFrame(OPCODE.binary, "{}"), 1003, "binary"],
    ["a continuation of nothing", serverFrame(OPCODE.continuation, "{}"), 1002, "not begun"],
    ["a message within another", Buffer.concat([start, start]), 1002, "before it had ended"],
    ["half a character at the end", serverFrame(OPCODE.text, Buffer.from([0xc3])), 1007, "UTF-8"],
    ["a surrogate in UTF-8", serverFrame(OPCODE.text, Buffer.from("eda080", "hex")), 1007, "UTF-8"],
    ["an overlong form", serverFrame(OPCODE.text, Buffer.from([0xc0, 0x80])), 1007, "UTF-8"],
    ["half a close code", serverFrame(OPCODE.close, Buffer.from([3])), 1002, "half a code"],
    [
      "a close code that is never sent",
      serverFrame(OPCODE.close, closePayload(1006)),
      1002,
      "1006",
    ],
    [
      "a close code that nobody defines",
      serverFrame(OPCODE.close, closePayload(2999)),
      1002,
      "2999",
    ],
    ["a close code out of range", serverFrame(OPCODE.close, closePayload(5000)), 1002, "5000"],
    [
      "a close reason that is no UTF-8",
      serverFrame(OPCODE.close, Buffer.concat([closePayload(1000), Buffer.from([0xff])])),
      1007,
      "UTF-8",
    ],
  ])("refuses %s, after the messages before it", (_what, bytes, closeCode, message) => {
    expect(decodeToViolation(Buffer.concat([serverFrame(OPCODE.text, "good"), bytes]))).toEqual({
      events: [{ kind: "text", text: "good" }],
      closeCode,
      message: expect.stringContaining(message),
    });
  });

  it("reads a message of 20 MB in small fragments and chunks in linear time", () => {
    const part = Buffer.alloc(1000, "x");
    const fragment = serverFrame(OPCODE.continuation, part, { isFinal: false });
    const bytes = Buffer.concat([
      serverFrame(OPCODE.text, "", { isFinal: false }),
      ...Array.from({ length: 20_000 }, () => fragment),
      serverFrame(OPCODE.continuation),
    ]);
    const decoder = new MessageDecoder();
    const startedAt = performance.now();
    const events = splitBytes(bytes, Array.from({ length: 1e6 }, () => 1460).values()).flatMap(
      (chunk) => [...decoder.push(chunk)],
    );
    const tookMs = performance.now() - startedAt;

    expect(events).toEqual([{ kind: "text", text: "x".repeat(20_000_000) }]);
    // Some 100 ms here; joining at each chunk would copy 140 GB.
    expect(tookMs).toBeLessThan(5000);
  });
});

describe("toTextFrames", () => {
  it("makes frames that a server puts together to the same text", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const bytes = [...toTextFrames(text)].map((frame) => encodeFrame(frame, Buffer.alloc(4)));
        const { frames } = readClientFrames(Buffer.concat(bytes));

        expect(Buffer.concat(frames.map(({ payload }) => payload)).toString()).toBe(text);
      }),
    );
  });

  it("cuts a long text at the size limit of a frame, within a character if it must", () => {
    const text = `a${"é".repeat(MAX_FRAME_PAYLOAD_BYTES)}`;

    const frames = [...toTextFrames(text)];

    expect(
      frames.map(({ isFinal, opcode, payload }) => ({ isFinal, opcode, bytes: payload.length })),
    ).toEqual([
      { isFinal: false, opcode: OPCODE.text, bytes: MAX_FRAME_PAYLOAD_BYTES },
      { isFinal: false, opcode: OPCODE.continuation, bytes: MAX_FRAME_PAYLOAD_BYTES },
      { isFinal: true, opcode: OPCODE.continuation, bytes: 1 },
    ]);
    expect(Buffer.concat(frames.map(({ payload }) => payload)).toString()).toBe(text);
  });

  it("sends an empty text as one empty frame, and one of just the limit as one frame", () => {
    const shapes = ["", "x".repeat(MAX_FRAME_PAYLOAD_BYTES)].map((text) =>
      [...toTextFrames(text)].map(({ isFinal, payload }) => [isFinal, payload.length]),
    );

    expect(shapes).toEqual([[[true, 0]], [[true, MAX_FRAME_PAYLOAD_BYTES]]]);
  });
});

describe("toCloseFrame", () => {
  it("cuts the reason before the character that no longer fits", () => {
    expect(toCloseFrame({ code: 1002, reason: "é".repeat(80) })).toEqual({
      isFinal: true,
      opcode: OPCODE.close,
      payload: closePayload(1002, "é".repeat(61)),
    });
  });

  it("answers a close frame without a code with one that has none", () => {
    expect(toCloseFrame({ code: 1005, reason: "" }).payload).toEqual(Buffer.alloc(0));
  });
});
