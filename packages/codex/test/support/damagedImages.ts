import { crc32, deflateSync } from "node:zlib";

import { IMAGES } from "./images.js";

const { "image/jpeg": JPEG, "image/gif": GIF, "image/webp": WEBP } = IMAGES;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const END = chunk("IEND", Buffer.alloc(0));
/** Offset of the descriptor of the only frame of the GIF. */
const FRAME = GIF.indexOf(0x2c, 13);
/** The lossy picture in the WebP, without its alpha channel. */
const VP8 = WEBP.subarray(WEBP.indexOf("VP8 ") + 8, WEBP.length - 2);

function chunk(type: string, data: Buffer, isDamaged = false): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length);
  bytes.write(type, 4, "latin1");
  data.copy(bytes, 8);
  const checksum = crc32(bytes.subarray(4, 8 + data.length));
  bytes.writeUInt32BE(isDamaged ? 0 : checksum, 8 + data.length);
  return bytes;
}

interface Png {
  readonly width?: number;
  readonly depth?: number;
  readonly colour?: number;
  readonly pixels?: Buffer;
  readonly extra?: Buffer;
  readonly isDamaged?: boolean;
}

/** A PNG of two rows; by default of two pixels each, in RGB. */
function png({ width = 2, depth = 8, colour = 2, extra, ...rest }: Png): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(2, 4);
  header.set([depth, colour], 8);
  const pixels = rest.pixels ?? deflateSync(Buffer.alloc(14));
  const data = chunk("IDAT", pixels, rest.isDamaged);
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), extra ?? Buffer.alloc(0), data, END]);
}

function changed(bytes: Buffer, change: (bytes: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

/** The JPEG without the segments of a marker. */
function jpegWithout(marker: number): Buffer {
  const parts = [JPEG.subarray(0, 2)];
  for (let offset = 2; ;) {
    const length = 2 + JPEG.readUInt16BE(offset + 2);
    if (JPEG[offset + 1] === 0xda) return Buffer.concat([...parts, JPEG.subarray(offset)]);
    if (JPEG[offset + 1] !== marker) parts.push(JPEG.subarray(offset, offset + length));
    offset += length;
  }
}

function webp(type: string, data: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header.write("RIFF");
  header.writeUInt32LE(12 + data.length, 4);
  header.write(`WEBP${type}`, 8);
  header.writeUInt32LE(data.length, 16);
  return Buffer.concat([header, data]);
}

const frameOfJpeg = JPEG.indexOf(Buffer.from([0xff, 0xc0]));

/** Images that the runtime drops, by their fault. */
export const DROPPED: Readonly<Record<string, Buffer>> = {
  "png with damaged pixels": png({ pixels: Buffer.from("not compressed data") }),
  "png with too few pixels": png({ pixels: deflateSync(Buffer.alloc(7)) }),
  "png with an unknown filter": png({ pixels: deflateSync(Buffer.alloc(14, 9)) }),
  "png with a wrong checksum": png({ isDamaged: true }),
  "png without width": png({ width: 0 }),
  "png with an impossible depth": png({ depth: 3 }),
  "png without its palette": png({ colour: 3 }),
  "png with an unknown critical chunk": png({ extra: chunk("ABCD", Buffer.alloc(3)) }),
  "png without pixels": Buffer.concat([SIGNATURE, png({}).subarray(8, 33), END]),
  "jpeg without height": changed(JPEG, (bytes) => bytes.writeUInt16BE(0, frameOfJpeg + 5)),
  "jpeg without quantization tables": jpegWithout(0xdb),
  "jpeg without Huffman tables": jpegWithout(0xc4),
  "jpeg without a frame": jpegWithout(0xc0),
  "jpeg with arithmetic coding": changed(JPEG, (bytes) => {
    bytes[frameOfJpeg + 1] = 0xc9;
  }),
  "gif with an empty frame": changed(GIF, (bytes) => bytes.writeUInt16LE(0, FRAME + 5)),
  "gif with too few pixels": changed(GIF, (bytes) => bytes.writeUInt16LE(5, FRAME + 5)),
  "gif with an impossible code size": changed(GIF, (bytes) => {
    bytes[FRAME + 10] = 12;
  }),
  "webp without a picture": webp("VP8X", Buffer.alloc(10)),
  "webp with an unknown first chunk": webp("XXXX", VP8),
  "webp without a start code": webp(
    "VP8 ",
    changed(VP8, (bytes) => bytes.fill(0, 3, 6)),
  ),
  "webp without width": webp(
    "VP8 ",
    changed(VP8, (bytes) => bytes.writeUInt16LE(0, 6)),
  ),
  "webp with a first part that is cut off": webp("VP8 ", VP8.subarray(0, 20)),
  "webp without its pixels": webp("VP8 ", VP8.subarray(0, 30)),
  "webp with damaged lossless data": webp("VP8L", Buffer.alloc(30)),
};

/** Images that are not perfect, and that the runtime passes on. */
export const PASSED: Readonly<Record<string, Buffer>> = {
  "png with more pixels than it needs": png({ pixels: deflateSync(Buffer.alloc(1000)) }),
  "png without the checksum of its pixels": png({
    pixels: deflateSync(Buffer.alloc(14)).subarray(0, -4),
  }),
  "png with a damaged text": png({ extra: chunk("tEXt", Buffer.from("a\0b"), true) }),
  "jpeg that ends early": JPEG.subarray(0, JPEG.length - 40),
  "gif without its end": GIF.subarray(0, GIF.length - 1),
  "webp of the simple form": webp("VP8 ", VP8),
  "webp without its last bytes": webp("VP8 ", VP8.subarray(0, -4)),
};

/** The media type of an image of these tables. */
export function typeOf(name: string): string {
  return `image/${name.split(" ")[0]}`;
}
