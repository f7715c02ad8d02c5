import { maskSecrets } from "../internal/secrets.js";

// The runtime colours its log lines even when stderr is a pipe.
// eslint-disable-next-line no-control-regex
const ANSI_COLOUR = /\u001b\[[0-9;]*m/g;

const MAX_LINES = 400;
const SHOWN_LINES = 40;
const SHOWN_CHARACTERS = 2000;
const MAX_LINE_CHARACTERS = 4096;

/** Keeps the last lines that a process wrote to stderr, readable and with secrets masked. */
export class StderrTail {
  readonly #secrets: readonly string[];
  #lines: string[] = [];

  constructor(secrets: readonly string[] = []) {
    this.#secrets = secrets;
  }

  /** Takes a line in, and returns it as it may be shown. */
  push(line: string): string {
    const shown = maskSecrets(line.replaceAll(ANSI_COLOUR, ""), this.#secrets).trimEnd();
    this.#lines.push(shown.slice(0, MAX_LINE_CHARACTERS));
    if (this.#lines.length > MAX_LINES * 2) this.#lines = this.#lines.slice(-MAX_LINES);
    return shown;
  }

  /** The last 40 lines, cut to their last 2,000 characters. */
  text(): string {
    return this.#lines.slice(-SHOWN_LINES).join("\n").slice(-SHOWN_CHARACTERS);
  }
}
