import type { Readable } from "node:stream";

import { CodexClosedError, type ExitFacts, TransportClosedError } from "../errors.js";
import type { SecretMasker } from "../internal/secrets.js";
import { type ChildCommand, type ChildExit, ChildProcess } from "./childProcess.js";
import { describeExitStatus } from "./exitStatus.js";
import { LineDecoder } from "./lineDecoder.js";
import { StderrTail, withoutColours } from "./stderrTail.js";
import { MAX_MESSAGE_BYTES, type Transport, type TransportListener } from "./transport.js";

/** A line of stderr that grows beyond this is shown in pieces, so that a flood costs no memory. */
const MAX_STDERR_LINE_BYTES = 64 * 1024;

/** Time limit for each step of the end, in milliseconds, once one side of the connection has ended. */
const BREAK_OFF_GRACE_MS = 1000;

/** The same for a runtime that has not sent a message yet: there is nothing that a gentler end would save. */
const SILENT_GRACE_MS = 500;

export interface StdioTransportOptions {
  readonly command: ChildCommand;
  /** Makes the error for the caller from the system's error, which has little more than a code. */
  readonly explainSpawnFailure: (error: unknown) => unknown;
  /** Time limit for each step of the end, in milliseconds, before the next step, which is harder. */
  readonly closeTimeoutMs: number;
  readonly secrets: SecretMasker;
  /** A longer message ends the connection. Defaults to `MAX_MESSAGE_BYTES`. */
  readonly maxMessageBytes?: number;
}

/** Runs the runtime as a child process and carries one message a line over its stdin and stdout. */
export class StdioTransport implements Transport {
  readonly #options: StdioTransportOptions;
  readonly #stderrTail = new StderrTail();
  #child: ChildProcess | undefined;
  #closeReason: CodexClosedError | TransportClosedError | undefined;
  #broken: string | undefined;
  #violation: string | undefined;
  #hasSpoken = false;

  constructor(options: StdioTransportOptions) {
    this.#options = options;
  }

  async open(listener: TransportListener): Promise<void> {
    const { command } = this.#options;
    const child = await ChildProcess.spawn(command).catch((error: unknown) => {
      throw this.#options.explainSpawnFailure(error);
    });
    this.#child = child;
    this.#readMessages(child, listener);
    this.#readStderr(child.stderr, listener);
    child.stdin.on("error", () => this.#breakOff(child, "closed its stdin"));
    child.stdout.once("end", () => this.#breakOff(child, "closed its stdout"));
    void child.exit.then((exit) => {
      this.#closeReason ??= this.#toClosedError(exit, child.wasSignalled);
      listener.onClose(this.#closeReason);
    });
    if (this.#closeReason !== undefined) {
      await child.end(this.#options.closeTimeoutMs);
      throw this.#closeReason;
    }
  }

  send(text: string): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.#closeReason !== undefined) {
      return Promise.reject(
        this.#closeReason ?? new TransportClosedError("The runtime has not been started."),
      );
    }
    return new Promise((resolve, reject) => {
      child.stdin.write(`${text}\n`, (error) => {
        if (error === null || error === undefined) resolve();
        // The exit facts explain more than EPIPE, and follow in a moment.
        else void child.exit.then(() => reject(this.#closeReason ?? error));
      });
    });
  }

  ref(): void {
    this.#child?.holdHost(true);
  }

  unref(): void {
    this.#child?.holdHost(false);
  }

  async close(): Promise<void> {
    // Until it has ended, the host waits for it.
    this.ref();
    this.#closeReason ??= new CodexClosedError("Connection to the runtime");
    const { closeTimeoutMs } = this.#options;
    const graceMs = this.#hasSpoken ? closeTimeoutMs : Math.min(closeTimeoutMs, SILENT_GRACE_MS);
    await this.#child?.end(graceMs);
  }

  #readMessages(child: ChildProcess, listener: TransportListener): void {
    const { stdout } = child;
    const { maxMessageBytes = MAX_MESSAGE_BYTES } = this.#options;
    const decoder = new LineDecoder(maxMessageBytes);
    const deliver = (lines: readonly string[], areWhole = true) => {
      for (const line of lines) {
        const text = line.startsWith("{") ? line : line.trim();
        if (text.startsWith("{") && (areWhole || isJson(text))) {
          this.#hasSpoken = true;
          listener.onMessage(text);
        } else if (text !== "") {
          listener.onDiagnostic({ kind: "unparsableLine", text });
        }
      }
    };
    const onChunk = (chunk: Buffer) => {
      deliver(decoder.push(chunk));
      if (!decoder.hasOverflowed) return;
      // Framing is lost after an oversized line, so the stream cannot be resumed.
      stdout.off("data", onChunk);
      this.#violation = `wrote a message of more than ${maxMessageBytes} bytes`;
      this.#breakOff(child, this.#violation);
    };
    stdout.on("data", onChunk);
    // The end may have cut off the last line; the end of the process explains that better.
    stdout.once("end", () => deliver(decoder.flush(), false));
  }

  #readStderr(stderr: Readable, listener: TransportListener): void {
    const decoder = new LineDecoder();
    const deliver = (lines: readonly string[]) => {
      for (const line of lines) {
        const text = this.#options.secrets.mask(withoutColours(line));
        this.#stderrTail.push(text);
        listener.onDiagnostic({ kind: "stderr", text });
      }
    };
    stderr.on("data", (chunk: Buffer) => {
      deliver(decoder.push(chunk));
      if (decoder.pendingBytes > MAX_STDERR_LINE_BYTES) deliver(decoder.flush());
    });
    stderr.once("end", () => deliver(decoder.flush()));
  }

  /** Ends a process of which one side of the connection has ended: it cannot be used any longer. */
  #breakOff(child: ChildProcess, what: string): void {
    this.#broken ??= what;
    void child.end(BREAK_OFF_GRACE_MS);
  }

  #toClosedError(exit: ChildExit, wasSignalled: boolean): TransportClosedError {
    const facts: ExitFacts = { ...exit, stderrTail: this.#stderrTail.text() };
    // Every end closes the pipes; that is worth a mention only if the process had to be ended for it.
    const before = this.#violation ?? (wasSignalled ? this.#broken : undefined);
    const how = `${describeExitStatus(exit.exitCode, exit.signal)}${before === undefined ? "" : `, after it ${before}`}`;
    return new TransportClosedError(
      `The Codex runtime ended (${how}).${describeStderr(facts.stderrTail)}`,
      { exit: facts },
    );
  }
}

function describeStderr(stderrTail: string): string {
  return stderrTail === ""
    ? " It wrote nothing to stderr."
    : ` The end of its stderr:\n${stderrTail}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
