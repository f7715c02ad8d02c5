const NEWLINE = 0x0a;

/**
 * Splits a byte stream into lines at `\n` only (U+2028, U+0085 or a lone CR are text) and decodes
 * each line as UTF-8 as a whole, so that a character that two chunks share stays one. Linear in the
 * bytes: each chunk is searched once, and a line is joined once, when its end has been received.
 */
export class LineDecoder {
  readonly #maxLineBytes: number;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #hasOverflowed = false;

  /** A line of more than `maxLineBytes` bytes ends the decoding. */
  constructor(maxLineBytes = Infinity) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** Whether a line was too long: nothing behind its start can be told from the rest of the line. */
  get hasOverflowed(): boolean {
    return this.#hasOverflowed;
  }

  /** Number of bytes of the unfinished line. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Returns the lines that end in `chunk`, up to the first that is too long. */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let start = 0;
    while (!this.#hasOverflowed) {
      const end = chunk.indexOf(NEWLINE, start);
      if (!this.#fits((end === -1 ? chunk.length : end) - start) || end === -1) break;
      lines.push(this.#finishLine(chunk.subarray(start, end)));
      start = end + 1;
    }
    if (start < chunk.length && !this.#hasOverflowed) {
      this.#pending.push(chunk.subarray(start));
      this.#pendingBytes += chunk.length - start;
    }
    return lines;
  }

  /** Returns the last line, if the stream has ended without a newline. */
  flush(): string[] {
    return this.#pending.length === 0 ? [] : [this.#finishLine(new Uint8Array(0))];
  }

  #fits(moreBytes: number): boolean {
    if (this.#pendingBytes + moreBytes <= this.#maxLineBytes) return true;
    this.#hasOverflowed = true;
    this.#pending = [];
    this.#pendingBytes = 0;
    return false;
  }

  #finishLine(tail: Uint8Array): string {
    const bytes = this.#pending.length === 0 ? tail : Buffer.concat([...this.#pending, tail]);
    this.#pending = [];
    this.#pendingBytes = 0;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  }
}
