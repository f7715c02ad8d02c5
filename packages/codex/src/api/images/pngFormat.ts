import { type ByteReader, toAscii, view } from "./byteReader.js";

/** Bits of a pixel for each colour type, by the bits of a sample that it may have. */
const SAMPLES: Readonly<
  Record<number, { readonly count: number; readonly depths: readonly number[] }>
> = {
  0: { count: 1, depths: [1, 2, 4, 8, 16] },
  2: { count: 3, depths: [8, 16] },
  3: { count: 1, depths: [1, 2, 4, 8] },
  4: { count: 2, depths: [8, 16] },
  6: { count: 4, depths: [8, 16] },
};
/** First column and row, and the steps, of each pass of an interlaced image. */
const PASSES: readonly (readonly [x: number, y: number, dx: number, dy: number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];
const KNOWN_CRITICAL: ReadonlySet<string> = new Set(["IHDR", "PLTE", "IDAT", "IEND"]);
/** The pixels of a larger image are not looked at: that takes too long. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;
/** Memory of the decoder of the runtime. A larger image is dropped. */
const MAX_DECODED_BYTES = 512 * 1024 * 1024;
const LAST_FILTER = 4;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly bitsPerPixel: number;
  readonly hasPalette: boolean;
  readonly isInterlaced: boolean;
}

/** Returns whether the runtime can decode a PNG: its chunks, their checksums and the size of the pixels. */
export function isWholePng(bytes: ByteReader): boolean {
  let header: Header | undefined;
  let hasPalette = false;
  const data: Uint8Array[] = [];
  for (let offset = 8; ;) {
    const start = bytes.read(offset, 8);
    if (start.length < 8) return false;
    const length = view(start).getUint32(0);
    const type = toAscii(start.subarray(4));
    if (type === "IEND") break;
    if (isCritical(type)) {
      const body = readChunk(bytes, offset, length);
      if (body === undefined || !KNOWN_CRITICAL.has(type)) return false;
      if (type === "PLTE") hasPalette = true;
      else if (type === "IDAT") data.push(body);
      else header = readHeader(body);
      if (header === undefined) return false;
    }
    offset += 12 + length;
  }
  if (header === undefined || data.length === 0) return false;
  if (header.hasPalette && !hasPalette) return false;
  return hasPixels(header, data);
}

function isCritical(type: string): boolean {
  return /^[A-Z]/.test(type);
}

/** Returns the data of a chunk; `undefined` when that is cut off, or its checksum is wrong. */
function readChunk(bytes: ByteReader, offset: number, length: number): Uint8Array | undefined {
  if (offset + 12 + length > bytes.size) return undefined;
  const checked = bytes.read(offset + 4, 4 + length);
  const checksum = view(bytes.read(offset + 8 + length, 4)).getUint32(0);
  return process.getBuiltinModule("node:zlib").crc32(checked) === checksum
    ? checked.subarray(4)
    : undefined;
}

function readHeader(body: Uint8Array): Header | undefined {
  if (body.length !== 13) return undefined;
  const fields = view(body);
  const [depth = 0, colour = 0, compression, filter, interlace] = body.subarray(8);
  const samples = SAMPLES[colour];
  const [width, height] = [fields.getUint32(0), fields.getUint32(4)];
  if (samples?.depths.includes(depth) !== true || width === 0 || height === 0) return undefined;
  if (compression !== 0 || filter !== 0) return undefined;
  const bitsPerPixel = samples.count * depth;
  if ((width * height * bitsPerPixel) / 8 > MAX_DECODED_BYTES) return undefined;
  return { width, height, bitsPerPixel, hasPalette: colour === 3, isInterlaced: interlace === 1 };
}

/** Returns whether the data has every row of the image, each with a filter that exists. */
function hasPixels(header: Header, data: readonly Uint8Array[]): boolean {
  const passes = header.isInterlaced ? PASSES : ([[0, 0, 1, 1]] as const);
  const rows = passes.flatMap(([x, y, dx, dy]) => {
    const width = Math.ceil((header.width - x) / dx);
    const height = Math.ceil((header.height - y) / dy);
    const bytes = 1 + Math.ceil((width * header.bitsPerPixel) / 8);
    return width > 0 && height > 0 ? [{ bytes, height }] : [];
  });
  const size = rows.reduce((sum, { bytes, height }) => sum + bytes * height, 0);
  if (size > MAX_INFLATED_BYTES) return true;
  const pixels = inflate(data, size);
  if (pixels === undefined) return false;
  let offset = 0;
  for (const { bytes, height } of rows) {
    for (let row = 0; row < height; row += 1, offset += bytes) {
      if ((pixels[offset] ?? LAST_FILTER + 1) > LAST_FILTER) return false;
    }
  }
  return true;
}

/** The pixels without the checksum behind them, which the runtime does not read; `undefined` when they are damaged. */
function inflate(data: readonly Uint8Array[], size: number): Uint8Array | undefined {
  const zlib = process.getBuiltinModule("node:zlib");
  const { Z_SYNC_FLUSH } = zlib.constants;
  try {
    // Behind the two bytes of the zlib header.
    const compressed = Buffer.concat(data).subarray(2);
    const options = { finishFlush: Z_SYNC_FLUSH, maxOutputLength: size + 65_536 };
    const pixels = zlib.inflateRawSync(compressed, options);
    return pixels.length < size ? undefined : pixels;
  } catch (error) {
    // More pixels than the image has are not a fault for the runtime.
    return error instanceof RangeError ? new Uint8Array(size) : undefined;
  }
}
