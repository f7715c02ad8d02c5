import type { OnProgress } from "../progress.js";
import { ReleaseError } from "../releaseError.js";
import { systemErrorOf } from "../systemError.js";
import { isInteractive, type ProgressBar, progressBar } from "./progressBar.js";

/** Output of a command: results go to stdout, everything else to stderr. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** The terminal behind `stderr`; undefined if there is none. */
  readonly terminal?: NodeJS.WritableStream | undefined;
}

/** The process's own streams. */
export const processStreams: Streams = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  terminal: isInteractive(process.stderr) ? process.stderr : undefined,
};

/** Printer of one command, for people or (with `--json`) for machines. */
export class Output {
  readonly #streams: Streams;
  readonly #isJson: boolean;
  #bar: ProgressBar | null = null;

  constructor(streams: Streams, isJson: boolean) {
    this.#streams = streams;
    this.#isJson = isJson;
  }

  /** Warnings and other remarks. */
  readonly note = (message: string): void => {
    const write = (): void => this.#streams.stderr(`${message}\n`);
    if (this.#bar === null) write();
    else this.#bar.above(write);
  };

  /** Progress of a long task: a line for each step, and below them a bar where the terminal has one. */
  readonly progress: OnProgress = (message, share) => {
    const { terminal } = this.#streams;
    this.note(message);
    if (terminal === undefined) return;
    this.#bar ??= progressBar(terminal);
    this.#bar.update(message, share);
  };

  /** Ends the progress of a long task. */
  endProgress(): void {
    this.#bar?.stop();
    this.#bar = null;
  }

  /** The result of the command: `text` for people, `value` for machines. */
  result(text: string, value: unknown): void {
    this.endProgress();
    this.#streams.stdout(this.#isJson ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`);
  }

  /** Prints the reason of a failure. */
  failure(cause: unknown): void {
    this.endProgress();
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
