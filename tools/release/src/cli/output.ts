import { ReleaseError } from "../releaseError.js";
import { systemErrorOf } from "../systemError.js";

/** Output of a command: results go to stdout, everything else to stderr. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** The process's own streams. */
export const processStreams: Streams = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
};

/** Printer of one command, for people or (with `--json`) for machines. */
export class Output {
  readonly #streams: Streams;
  readonly #isJson: boolean;

  constructor(streams: Streams, isJson: boolean) {
    this.#streams = streams;
    this.#isJson = isJson;
  }

  /** Progress and warnings. */
  readonly note = (message: string): void => {
    this.#streams.stderr(`${message}\n`);
  };

  /** The result of the command: `text` for people, `value` for machines. */
  result(text: string, value: unknown): void {
    this.#streams.stdout(this.#isJson ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`);
  }

  /** Prints the reason of a failure. */
  failure(cause: unknown): void {
    const error = cause instanceof ReleaseError ? cause : (systemErrorOf(cause) ?? cause);
    const code = error instanceof ReleaseError ? error.code : "UNEXPECTED";
    const message = error instanceof Error ? error.message : String(error);
    // Any other error is a fault of this tool: its stack shows the place.
    const shown =
      error instanceof Error && !(error instanceof ReleaseError) ? error.stack : message;
    this.#streams.stderr(
      this.#isJson
        ? `${JSON.stringify({ error: { code, message } })}\n`
        : `error: ${shown ?? message}\n`,
    );
  }
}
