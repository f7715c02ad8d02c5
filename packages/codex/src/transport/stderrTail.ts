// The runtime colours its log lines even when stderr is a pipe.
// eslint-disable-next-line no-control-regex
const ANSI_COLOUR = /\u001b\[[0-9;]*m/g;

const SHOWN_LINES = 40;
const SHOWN_CHARACTERS = 2000;

/** Removes the colours of a line. */
export function withoutColours(line: string): string {
  return line.replaceAll(ANSI_COLOUR, "").trimEnd();
}

/** Keeps the last lines that a process wrote to stderr. */
export class StderrTail {
  #lines: string[] = [];

  /** Takes in a line, which is masked already. */
  push(line: string): void {
    this.#lines.push(line.slice(0, SHOWN_CHARACTERS));
    if (this.#lines.length > SHOWN_LINES * 2) this.#lines = this.#lines.slice(-SHOWN_LINES);
  }

  /** Returns the last 40 lines, cut to their last 2,000 characters. */
  text(): string {
    return this.#lines.slice(-SHOWN_LINES).join("\n").slice(-SHOWN_CHARACTERS);
  }
}
