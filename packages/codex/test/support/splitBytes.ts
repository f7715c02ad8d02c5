/** `bytes` cut into chunks of the sizes that the stream gives. */
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
