const NEWLINE = 0x0a;

/**
 * Cuts a byte stream into lines at `\n` alone (U+2028, U+0085 or a lone CR are text) and decodes
 * each as UTF-8 as a whole, so a character that two chunks share stays one. Linear in the bytes:
 * each chunk is searched once, and a line is put together once, when its end has come.
 */
export class LineDecoder {
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  /** How many bytes of an unfinished line are held. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** The lines that end in `chunk`. */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end === -1) break;
      lines.push(this.#finishLine(chunk.subarray(start, end)));
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#pending.push(chunk.subarray(start));
      this.#pendingBytes += chunk.length - start;
    }
    return lines;
  }

  /** The last line, if the stream ended without a newline. */
  flush(): string[] {
    return this.#pending.length === 0 ? [] : [this.#finishLine(new Uint8Array(0))];
  }

  #finishLine(tail: Uint8Array): string {
    const bytes = this.#pending.length === 0 ? tail : Buffer.concat([...this.#pending, tail]);
    this.#pending = [];
    this.#pendingBytes = 0;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  }
}
