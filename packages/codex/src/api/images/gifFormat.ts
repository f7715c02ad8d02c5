import { type ByteReader, view } from "./byteReader.js";

const MAX_CODE_BITS = 12;

/** Walks the blocks to the first frame, and returns whether its data has all of its pixels. */
export function isWholeGif(bytes: ByteReader): boolean {
  const globalTable = colourTableSize(bytes.read(10, 1)[0] ?? 0);
  let offset = 13 + globalTable;
  for (;;) {
    const [kind] = bytes.read(offset, 1);
    switch (kind) {
      case 0x21:
        offset = skipSubBlocks(bytes, offset + 2);
        break;
      case 0x2c:
        return hasFrame(bytes, offset, globalTable > 0);
      default:
        return false;
    }
  }
}

function hasFrame(bytes: ByteReader, offset: number, hasGlobalTable: boolean): boolean {
  const header = bytes.read(offset, 10);
  if (header.length < 10) return false;
  const pixels = view(header).getUint16(5, true) * view(header).getUint16(7, true);
  const table = colourTableSize(header[9] ?? 0);
  const data = offset + 10 + table;
  const [codeBits = 0] = bytes.read(data, 1);
  if (pixels === 0 || (table === 0 && !hasGlobalTable)) return false;
  if (codeBits < 1 || codeBits >= MAX_CODE_BITS) return false;
  return skipSubBlocks(bytes, data + 1) <= bytes.size && countPixels(bytes, data, pixels) >= pixels;
}

function colourTableSize(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

/** The offset behind the block of length 0 that ends a list of blocks; beyond the size when there is none. */
function skipSubBlocks(bytes: ByteReader, start: number): number {
  for (let offset = start; ;) {
    const [length] = bytes.read(offset, 1);
    if (length === undefined) return bytes.size + 1;
    offset += 1 + length;
    if (length === 0) return offset;
  }
}

/** Counts the pixels of LZW data, up to the number that is wanted, and up to the first damaged code. */
function countPixels(bytes: ByteReader, data: number, wanted: number): number {
  const clear = 1 << (bytes.read(data, 1)[0] ?? 0);
  // The length of the run of pixels that each code stands for.
  const lengths = new Uint32Array(1 << MAX_CODE_BITS).fill(1, 0, clear);
  let [next, codeBits, previous, count] = [clear + 2, 32 - Math.clz32(clear), 0, 0];
  for (const code of codesOf(bytes, data + 1, () => codeBits)) {
    if (code === clear) {
      [next, codeBits, previous] = [clear + 2, 32 - Math.clz32(clear), 0];
      continue;
    }
    if (code === clear + 1 || code > next || (code === next && previous === 0)) return count;
    const length = code === next ? previous + 1 : (lengths[code] ?? 0);
    count += length;
    if (count >= wanted) return count;
    if (previous > 0 && next < lengths.length) {
      lengths[next] = previous + 1;
      next += 1;
      if (next === 1 << codeBits && codeBits < MAX_CODE_BITS) codeBits += 1;
    }
    previous = length;
  }
  return count;
}

/** The codes of LZW data, the lowest bits first, each with as many bits as `bitsOf` returns for it. */
function* codesOf(bytes: ByteReader, start: number, bitsOf: () => number): Generator<number> {
  let [buffer, bits] = [0, 0];
  for (let offset = start; ;) {
    const [length = 0] = bytes.read(offset, 1);
    if (length === 0) return;
    for (const byte of bytes.read(offset + 1, length)) {
      buffer |= byte << bits;
      bits += 8;
      for (let wanted = bitsOf(); bits >= wanted; wanted = bitsOf()) {
        yield buffer & ((1 << wanted) - 1);
        buffer >>>= wanted;
        bits -= wanted;
      }
    }
    offset += 1 + length;
  }
}
