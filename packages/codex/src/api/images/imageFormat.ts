/** Random access to the bytes of an image; reading beyond the end returns fewer bytes. */
export interface ByteReader {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
}

/** An image format that the runtime passes on to models. */
export interface ImageFormat {
  readonly mediaType: string;
  /** Returns whether the bytes start as this format does. */
  matches(start: Uint8Array): boolean;
  /** Returns whether the bytes have the parts without which the runtime drops the image. */
  isWhole(bytes: ByteReader): boolean;
}

/** Number of bytes that `matches` needs. */
export const SIGNATURE_BYTES = 12;

/** Builds a reader of bytes in memory. */
export function readerOf(bytes: Uint8Array): ByteReader {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** Finds the format by the first bytes, whatever the name or the declared type is. */
export function formatOf(bytes: ByteReader): ImageFormat | undefined {
  const start = bytes.read(0, SIGNATURE_BYTES);
  return IMAGE_FORMATS.find((format) => format.matches(start));
}

/** Every format that the runtime passes on. It replaces any other image by a short text, in silence. */
export const IMAGE_FORMATS: readonly ImageFormat[] = [
  {
    mediaType: "image/png",
    matches: (start) => hasBytes(start, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    isWhole: hasPngEnd,
  },
  {
    mediaType: "image/jpeg",
    matches: (start) => hasBytes(start, 0, [0xff, 0xd8, 0xff]),
    isWhole: hasJpegScan,
  },
  {
    mediaType: "image/gif",
    matches: (start) => /^GIF8[79]a/.test(toAscii(start)),
    isWhole: hasGifFrame,
  },
  {
    mediaType: "image/webp",
    matches: (start) => /^RIFF[^]{4}WEBP/.test(toAscii(start)),
    isWhole: (bytes) => view(bytes.read(0, 8)).getUint32(4, true) + 8 <= bytes.size,
  },
];

/** Walks the chunks (length, type, data, checksum) to the type `IEND`. */
function hasPngEnd(bytes: ByteReader): boolean {
  for (let offset = 8; ;) {
    const header = bytes.read(offset, 8);
    if (header.length < 8) return false;
    if (toAscii(header.subarray(4)) === "IEND") return true;
    offset += 12 + view(header).getUint32(0);
  }
}

/** Walks the segments (marker, length, data) to the scan, which has the picture itself. */
function hasJpegScan(bytes: ByteReader): boolean {
  for (let offset = 2; ;) {
    const header = bytes.read(offset, 4);
    if (header.length < 4 || header[0] !== 0xff) return false;
    const marker = header[1];
    if (marker === 0xda) return offset + 4 < bytes.size;
    // A marker may be padded with any number of 0xff.
    offset += marker === 0xff ? 1 : 2 + Math.max(2, view(header).getUint16(2));
  }
}

/** Walks the blocks to the first frame, and its data to the block that ends it. */
function hasGifFrame(bytes: ByteReader): boolean {
  let offset = 13 + colourTableSize(bytes.read(10, 1)[0] ?? 0);
  for (;;) {
    const [kind] = bytes.read(offset, 1);
    switch (kind) {
      case 0x21:
        offset = skipSubBlocks(bytes, offset + 2);
        break;
      case 0x2c: {
        const flags = bytes.read(offset + 9, 1)[0] ?? 0;
        return skipSubBlocks(bytes, offset + 11 + colourTableSize(flags)) <= bytes.size;
      }
      default:
        return false;
    }
  }
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

function hasBytes(bytes: Uint8Array, offset: number, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[offset + index] === byte);
}

function toAscii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function view({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
