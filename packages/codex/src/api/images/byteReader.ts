/** Random access to the bytes of an image; reading beyond the end returns fewer bytes. */
export interface ByteReader {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
}

/** Builds a reader of bytes in memory. */
export function readerOf(bytes: Uint8Array): ByteReader {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** Returns the bytes as characters of the same codes. */
export function toAscii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Returns a view of the same bytes. */
export function view({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
