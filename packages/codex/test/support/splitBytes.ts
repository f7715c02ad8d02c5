/** Cuts bytes into chunks of the given sizes. */
export function splitBytes(bytes: Buffer, sizes: Iterator<number>): Buffer[] {
  const chunks: Buffer[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const { value } = sizes.next();
    const end = offset + (typeof value === "number" ? value : bytes.length);
    chunks.push(bytes.subarray(offset, end));
    offset = end;
  }
  return chunks;
}
