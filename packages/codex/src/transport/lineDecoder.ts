const NEWLINE = 0x0a;

/**
 * Splits a byte stream into lines at `\n` only (U+2028, U+0085 or a lone CR are text) and decodes
 * them as UTF-8. No character has the byte of `\n` in it, so the lines that end in a chunk are decoded
 * at once, which makes little garbage, and a character that two chunks share stays one. Linear in the
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

  /** True if a line was too long: framing is lost from its start on. */
  get hasOverflowed(): boolean {
    return this.#hasOverflowed;
  }

  /** Number of bytes of the unfinished line. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Returns the lines that end in `chunk`, up to the first that is too long. */
  push(chunk: Uint8Array): string[] {
    if (this.#hasOverflowed) return [];
    const end = this.#endOfFittingLines(chunk);
    const lines = end === -1 ? [] : this.#decode(chunk.subarray(0, end));
    this.#hold(chunk.subarray(end + 1));
    return lines;
  }

  /** Returns the last line, if the stream has ended without a newline. */
  flush(): string[] {
    return this.#pending.length === 0 ? [] : [this.#finishLine(new Uint8Array(0))];
  }

  /** Returns the offset of the newline behind the last line that ends in `chunk` and is not too long; -1 without one. */
  #endOfFittingLines(chunk: Uint8Array): number {
    const last = chunk.lastIndexOf(NEWLINE);
    if (this.#pendingBytes + chunk.length <= this.#maxLineBytes) return last;
    let end = -1;
    let lineBytes = this.#pendingBytes;
    while (end < last) {
      const next = chunk.indexOf(NEWLINE, end + 1);
      lineBytes += next - end - 1;
      if (lineBytes > this.#maxLineBytes) break;
      end = next;
      lineBytes = 0;
    }
    return end;
  }

  /** Keeps the begin of a line, unless that is too long already. */
  #hold(piece: Uint8Array): void {
    if (piece.length === 0) return;
    if (this.#pendingBytes + piece.length > this.#maxLineBytes) {
      this.#hasOverflowed = true;
      this.#pending = [];
      this.#pendingBytes = 0;
      return;
    }
    this.#pending.push(piece);
    this.#pendingBytes += piece.length;
  }

  /** Returns whole lines. Only the first is joined with what is pending: a copy of all would cost as much as the rest. */
  #decode(bytes: Uint8Array): string[] {
    if (this.#pending.length === 0) return toText(bytes).split("\n");
    const end = bytes.indexOf(NEWLINE);
    if (end === -1) return [this.#finishLine(bytes)];
    const first = this.#finishLine(bytes.subarray(0, end));
    return [first, ...toText(bytes.subarray(end + 1)).split("\n")];
  }

  #finishLine(tail: Uint8Array): string {
    const line = Buffer.concat([...this.#pending, tail]);
    this.#pending = [];
    this.#pendingBytes = 0;
    return toText(line);
  }
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
