import { type ByteReader, toAscii, view } from "./byteReader.js";

const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const FRAME_HEADER_BYTES = 16;

/** Returns whether a WebP has the size that it states, and a picture that is not cut off. */
export function isWholeWebp(bytes: ByteReader): boolean {
  const end = view(bytes.read(0, 8)).getUint32(4, true) + 8;
  // An odd size may lack its padding.
  return end <= bytes.size + 1 && hasPicture(bytes, HEADER_BYTES, Math.min(end + 1, bytes.size));
}

/** Walks the chunks (type, length, data) to the first picture. */
function hasPicture(bytes: ByteReader, start: number, end: number): boolean {
  for (let offset = start; ;) {
    const header = bytes.read(offset, CHUNK_HEADER_BYTES);
    if (header.length < CHUNK_HEADER_BYTES || offset >= end) return false;
    const data = offset + CHUNK_HEADER_BYTES;
    const length = view(header).getUint32(4, true);
    switch (toAscii(header.subarray(0, 4))) {
      case "VP8 ":
        return isLossy(bytes.read(data, Math.min(length, 10)), Math.min(length, bytes.size - data));
      case "VP8L":
        return bytes.read(data, 1)[0] === 0x2f;
      case "ANMF":
        return hasPicture(bytes, data + FRAME_HEADER_BYTES, end);
      case "VP8X":
      case "ALPH":
        break;
      default:
        // Other chunks may stand between those of the extended format, but not first.
        if (offset === HEADER_BYTES) return false;
    }
    offset = data + length + (length % 2);
  }
}

/** A key frame: its tag with the length of the first part, the start code, width and height. */
function isLossy(frame: Uint8Array, length: number): boolean {
  if (frame.length < 10) return false;
  const [tag = 0] = frame;
  const fields = view(frame);
  const firstPart = (tag | (fields.getUint16(1, true) << 8)) >>> 5;
  const isKeyFrame = (tag & 1) === 0;
  const hasStartCode = frame[3] === 0x9d && frame[4] === 0x01 && frame[5] === 0x2a;
  const hasSize =
    (fields.getUint16(6, true) & 0x3fff) > 0 && (fields.getUint16(8, true) & 0x3fff) > 0;
  // The pixels stand behind the first part.
  return isKeyFrame && hasStartCode && hasSize && 10 + firstPart < length;
}
