import { type ByteReader, toAscii } from "./byteReader.js";
import { isWholeGif } from "./gifFormat.js";
import { isWholeJpeg } from "./jpegFormat.js";
import { isWholePng } from "./pngFormat.js";
import { isWholeWebp } from "./webpFormat.js";

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
    isWhole: isWholePng,
  },
  {
    mediaType: "image/jpeg",
    matches: (start) => hasBytes(start, 0, [0xff, 0xd8, 0xff]),
    isWhole: isWholeJpeg,
  },
  {
    mediaType: "image/gif",
    matches: (start) => /^GIF8[79]a/.test(toAscii(start)),
    isWhole: isWholeGif,
  },
  {
    mediaType: "image/webp",
    matches: (start) => /^RIFF[^]{4}WEBP/.test(toAscii(start)),
    isWhole: isWholeWebp,
  },
];

function hasBytes(bytes: Uint8Array, offset: number, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[offset + index] === byte);
}
