import { type ByteReader, view } from "./byteReader.js";

const SCAN = 0xda;
const QUANTIZATION = 0xdb;
const HUFFMAN = 0xc4;
/** Baseline, extended and progressive frames with Huffman coding. The runtime drops the other kinds. */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
/** A marker may be padded with any number of 0xff; more than these are not an image. */
const MAX_PADDING = 1024;

/**
 * Walks the segments (marker, length, data) to the scan, which has the picture itself, and returns whether
 * the parts are there without which the runtime drops the image.
 */
export function isWholeJpeg(bytes: ByteReader): boolean {
  const found = new Set<number>();
  let padding = 0;
  for (let offset = 2; ;) {
    const header = bytes.read(offset, 9);
    const [start, marker = 0] = header;
    if (header.length < 4 || start !== 0xff) return false;
    if (marker === 0xff) {
      padding += 1;
      if (padding > MAX_PADDING) return false;
      offset += 1;
      continue;
    }
    if (marker === SCAN) {
      const hasFrame = [...FRAMES].some((frame) => found.has(frame));
      return hasFrame && found.has(QUANTIZATION) && found.has(HUFFMAN) && offset + 4 < bytes.size;
    }
    if (FRAMES.has(marker) && !hasSize(header)) return false;
    found.add(marker);
    offset += 2 + Math.max(2, view(header).getUint16(2));
  }
}

function hasSize(header: Uint8Array): boolean {
  if (header.length < 9) return false;
  const fields = view(header);
  return fields.getUint16(5) > 0 && fields.getUint16(7) > 0;
}
