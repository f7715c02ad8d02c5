import { CodexProtocolError } from "../errors.js";

/** The kinds of frames of RFC 6455, section 5.2. */
export const OPCODE = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;

export type Opcode = (typeof OPCODE)[keyof typeof OPCODE];

/** The status codes of RFC 6455, section 7.4.1, that this side gives or makes up. */
export const CLOSE_CODE = {
  normal: 1000,
  protocolError: 1002,
  unsupportedData: 1003,
  /** Never sent: the peer's close frame held no code. */
  noneGiven: 1005,
  /** Never sent: the connection ended without a close frame. */
  abnormal: 1006,
  invalidText: 1007,
  tooBig: 1009,
} as const;

/** The peer broke RFC 6455; `closeCode` is what it is to be told. */
export class WebSocketViolation extends CodexProtocolError {
  override name = "WebSocketViolation";
  readonly closeCode: number;

  constructor(closeCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.closeCode = closeCode;
  }
}

export interface Frame {
  readonly isFinal: boolean;
  readonly opcode: Opcode;
  readonly payload: Buffer;
}

export const MAX_CONTROL_PAYLOAD_BYTES = 125;

const FINAL_BIT = 0x80;
const RESERVED_BITS = 0x70;
const OPCODE_BITS = 0x0f;
const MASK_BIT = 0x80;
const LENGTH_BITS = 0x7f;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MASK_BYTES = 4;
const OPCODES: ReadonlySet<number> = new Set(Object.values(OPCODE));

export function isControl(opcode: Opcode): boolean {
  return opcode >= OPCODE.close;
}

/** The bytes of a client's frame. `mask` is four bytes that nobody can foresee, new for each frame. */
export function encodeFrame({ isFinal, opcode, payload }: Frame, mask: Uint8Array): Buffer {
  const { length } = payload;
  const isShort = length < LENGTH_16;
  const headerBytes = isShort ? 2 : length <= 0xffff ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + MASK_BYTES + length);
  frame[0] = (isFinal ? FINAL_BIT : 0) | opcode;
  if (isShort) {
    frame[1] = MASK_BIT | length;
  } else if (headerBytes === 4) {
    frame[1] = MASK_BIT | LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = MASK_BIT | LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(mask.subarray(0, MASK_BYTES), headerBytes);
  const start = headerBytes + MASK_BYTES;
  for (let index = 0; index < length; index += 1) {
    // Both indexes are within their bounds; a typed array yields a number there.
    frame[start + index] = (payload[index] as number) ^ (mask[index & 3] as number);
  }
  return frame;
}

/** A server's frame header that was read whole. */
interface FrameHeader {
  readonly isFinal: boolean;
  readonly opcode: Opcode;
  readonly length: number;
}

/**
 * Cuts a server's byte stream into frames, wherever the chunks may end. Linear in the bytes: a payload
 * is put together once, and room is taken only for what has come, whatever length a header claims.
 */
export class FrameDecoder {
  readonly #header = Buffer.alloc(10);
  #headerSize = 0;
  #current: FrameHeader | undefined;
  #parts: Buffer[] = [];
  #missing = 0;

  /** The frames that end in `chunk`. Throws a `WebSocketViolation` at the first that is not allowed. */
  *push(chunk: Buffer): Generator<Frame, void, undefined> {
    let offset = 0;
    for (;;) {
      if (this.#current === undefined) {
        offset = this.#fillHeader(chunk, offset);
        if (this.#headerSize < this.#headerBytes()) return;
        this.#current = parseHeader(this.#header);
        this.#headerSize = 0;
        this.#missing = this.#current.length;
      }
      const part = chunk.subarray(offset, offset + this.#missing);
      if (part.length > 0) this.#parts.push(part);
      offset += part.length;
      this.#missing -= part.length;
      if (this.#missing > 0) return;
      const { isFinal, opcode } = this.#current;
      const payload = joinBytes(this.#parts);
      this.#current = undefined;
      this.#parts = [];
      yield { isFinal, opcode, payload };
    }
  }

  #fillHeader(chunk: Buffer, from: number): number {
    let offset = from;
    while (offset < chunk.length && this.#headerSize < this.#headerBytes()) {
      this.#header[this.#headerSize] = chunk.readUInt8(offset);
      this.#headerSize += 1;
      offset += 1;
    }
    return offset;
  }

  #headerBytes(): number {
    if (this.#headerSize < 2) return 2;
    const length = this.#header.readUInt8(1) & LENGTH_BITS;
    return length === LENGTH_64 ? 10 : length === LENGTH_16 ? 4 : 2;
  }
}

/** `parts` as one piece; a single part is not copied. */
export function joinBytes(parts: readonly Buffer[]): Buffer {
  const [first, ...others] = parts;
  return first !== undefined && others.length === 0 ? first : Buffer.concat(parts);
}

function parseHeader(header: Buffer): FrameHeader {
  const first = header.readUInt8(0);
  const second = header.readUInt8(1);
  const isFinal = (first & FINAL_BIT) !== 0;
  const opcode = first & OPCODE_BITS;
  if ((first & RESERVED_BITS) !== 0) {
    throw violation("a frame has reserved bits set, and no extension was agreed on");
  }
  if (!isOpcode(opcode)) throw violation(`a frame has the unknown opcode ${opcode}`);
  if ((second & MASK_BIT) !== 0) throw violation("a frame of the server is masked");
  const length = parseLength(header, second & LENGTH_BITS);
  if (isControl(opcode) && (!isFinal || length > MAX_CONTROL_PAYLOAD_BYTES)) {
    throw violation(
      isFinal ? `a control frame holds ${length} bytes` : "a control frame is fragmented",
    );
  }
  return { isFinal, opcode, length };
}

function parseLength(header: Buffer, short: number): number {
  if (short < LENGTH_16) return short;
  const long = short === LENGTH_16 ? BigInt(header.readUInt16BE(2)) : header.readBigUInt64BE(2);
  const isMinimal = short === LENGTH_16 ? long >= BigInt(LENGTH_16) : long > 0xffffn;
  if (!isMinimal) throw violation(`the length ${long} is not written in its shortest form`);
  if (long >= 1n << 63n) throw violation("a length has its highest bit set");
  if (long > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new WebSocketViolation(CLOSE_CODE.tooBig, `a frame claims to hold ${long} bytes`);
  }
  return Number(long);
}

function isOpcode(value: number): value is Opcode {
  return OPCODES.has(value);
}

function violation(message: string): WebSocketViolation {
  return new WebSocketViolation(CLOSE_CODE.protocolError, message);
}
