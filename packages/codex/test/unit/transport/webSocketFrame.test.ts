import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  encodeFrame,
  type Frame,
  FrameDecoder,
  OPCODE,
  WebSocketViolation,
} from "../../../src/transport/webSocketFrame.js";
import { splitBytes } from "../../support/splitBytes.js";
import { readClientFrames, serverFrame } from "../../support/webSocketPeer.js";

const MASK = Buffer.from([0x12, 0x00, 0xff, 0x81]);

/** Sizes on both sides of each form of the length. */
const lengths = fc.oneof(fc.nat(300), fc.constantFrom(125, 126, 127, 65_535, 65_536, 70_001));

const dataFrames = fc
  .record({
    isFinal: fc.boolean(),
    opcode: fc.constantFrom(OPCODE.text, OPCODE.continuation, OPCODE.binary),
    length: lengths,
    seed: fc.nat(255),
  })
  .map(({ length, seed, ...rest }) => ({ ...rest, payload: Buffer.alloc(length, `${seed}é`) }));

const controlFrames = fc.record({
  isFinal: fc.constant(true),
  opcode: fc.constantFrom(OPCODE.close, OPCODE.ping, OPCODE.pong),
  payload: fc.uint8Array({ maxLength: 125 }).map((bytes) => Buffer.from(bytes)),
});

const frames = fc.array(fc.oneof(dataFrames, controlFrames), { maxLength: 8 });

function decode(chunks: readonly Buffer[]): Frame[] {
  const decoder = new FrameDecoder();
  return chunks.flatMap((chunk) => [...decoder.push(chunk)]);
}

/** The payload as text: a comparison of large buffers takes seconds. */
function inShort({
  isFinal,
  opcode,
  payload,
}: Omit<Frame, "opcode"> & { readonly opcode: number }) {
  return { isFinal, opcode, payload: payload.toString("latin1") };
}

/** What comes before the violation, and the violation. */
function decodeToViolation(bytes: Buffer): { frames: Frame[]; closeCode: number; message: string } {
  const read: Frame[] = [];
  try {
    for (const frame of new FrameDecoder().push(bytes)) read.push(frame);
  } catch (error) {
    if (!(error instanceof WebSocketViolation)) throw error;
    return { frames: read, closeCode: error.closeCode, message: error.message };
  }
  throw new Error("nothing was refused");
}

describe("encodeFrame", () => {
  it("writes what a server reads, whatever the length and the mask", () => {
    fc.assert(
      fc.property(frames, fc.uint8Array({ minLength: 4, maxLength: 4 }), (sent, mask) => {
        const bytes = Buffer.concat(sent.map((frame) => encodeFrame(frame, mask)));

        const { frames: read, rest } = readClientFrames(bytes);
        expect(read.map(inShort)).toEqual(sent.map(inShort));
        expect(read.every(({ isMasked }) => isMasked)).toBe(true);
        expect(rest).toHaveLength(0);
      }),
      { numRuns: 60 },
    );
  });

  it("writes the bytes of the example in RFC 6455, section 5.7", () => {
    const frame = { isFinal: true, opcode: OPCODE.text, payload: Buffer.from("Hello") };

    expect(encodeFrame(frame, Buffer.from("37fa213d", "hex")).toString("hex")).toBe(
      "818537fa213d7f9f4d5158",
    );
  });

  it("leaves the payload that it was given as it was", () => {
    const payload = Buffer.from("untouched");

    encodeFrame({ isFinal: true, opcode: OPCODE.text, payload }, MASK);

    expect(payload.toString()).toBe("untouched");
  });
});

describe("FrameDecoder", () => {
  it("reads any frames, wherever the chunks end", () => {
    fc.assert(
      fc.property(frames, fc.infiniteStream(fc.integer({ min: 1, max: 3000 })), (sent, sizes) => {
        const bytes = Buffer.concat(
          sent.map(({ isFinal, opcode, payload }) => serverFrame(opcode, payload, { isFinal })),
        );

        expect(decode(splitBytes(bytes, sizes)).map(inShort)).toEqual(sent.map(inShort));
      }),
      { numRuns: 60 },
    );
  });

  it("reads frames that come byte by byte", () => {
    const bytes = Buffer.concat([
      serverFrame(OPCODE.text, "a".repeat(200), { isFinal: false }),
      serverFrame(OPCODE.ping),
      serverFrame(OPCODE.continuation),
    ]);

    expect(decode([...bytes].map((byte) => Buffer.from([byte])))).toEqual([
      { isFinal: false, opcode: OPCODE.text, payload: Buffer.from("a".repeat(200)) },
      { isFinal: true, opcode: OPCODE.ping, payload: Buffer.alloc(0) },
      { isFinal: true, opcode: OPCODE.continuation, payload: Buffer.alloc(0) },
    ]);
  });

  it("takes no room for what a header only claims", () => {
    const decoder = new FrameDecoder();
    const claim = Buffer.from("817f000fffffffffffff", "hex");

    expect([...decoder.push(claim)]).toEqual([]);
    expect([...decoder.push(Buffer.from("a"))]).toEqual([]);
  });

  const good = serverFrame(OPCODE.text, "good");
  it.each([
    ["a reserved bit", "c100", 1002, "reserved bits set"],
    ["an unknown data opcode", "8300", 1002, "unknown opcode 3"],
    ["an unknown control opcode", "8b00", 1002, "unknown opcode 11"],
    ["a mask", "818100000000", 1002, "a frame of the server is masked"],
    ["a fragmented control frame", "0900", 1002, "a control frame is fragmented"],
    ["a long control frame", "897e007e", 1002, "a control frame holds 126 bytes"],
    ["a length of 16 bits that is too short for it", "817e007d", 1002, "shortest form"],
    ["a length of 64 bits that is too short for it", "817f000000000000ffff", 1002, "shortest form"],
    ["a negative length", "817f8000000000000000", 1002, "highest bit"],
    ["a length beyond any memory", "817f0020000000000000", 1009, "9007199254740992 bytes"],
  ])("refuses %s, after the frames before it", (_what, hex, closeCode, message) => {
    expect(decodeToViolation(Buffer.concat([good, Buffer.from(hex, "hex")]))).toEqual({
      frames: [{ isFinal: true, opcode: OPCODE.text, payload: Buffer.from("good") }],
      closeCode,
      message: expect.stringContaining(message),
    });
  });
});
