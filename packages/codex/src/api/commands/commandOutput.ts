import { isObject } from "../../internal/isObject.js";
import type { NotificationMessage } from "../../rpc/message.js";

/** A part of a command's output, for `onOutput`. */
export interface CommandOutputChunk {
  /** Stream of the output. */
  readonly stream: "stdout" | "stderr";
  /** Text, decoded as UTF-8; a character is never split between two chunks. */
  readonly text: string;
}

/** The whole output of a command. */
export interface CommandTexts {
  /** Standard output, decoded as UTF-8. */
  readonly stdout: string;
  /** Standard error, decoded as UTF-8. */
  readonly stderr: string;
  /** True if a stream had more than `outputBytesCap`. */
  readonly isTruncated: boolean;
}

/** Collects the output of one command. */
export class CommandOutput {
  readonly #processId: string;
  readonly #onOutput: ((chunk: CommandOutputChunk) => void) | undefined;
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  readonly #texts = { stdout: "", stderr: "" };
  #isTruncated = false;

  constructor(processId: string, onOutput: ((chunk: CommandOutputChunk) => void) | undefined) {
    this.#processId = processId;
    this.#onOutput = onOutput;
  }

  /** Takes a notification of `OUTPUT_METHOD`. Throws what `onOutput` throws. */
  add({ params }: NotificationMessage): void {
    if (!isObject(params)) return;
    const { processId, stream, deltaBase64, capReached } = params;
    if (processId !== this.#processId || typeof deltaBase64 !== "string") return;
    if (capReached === true) this.#isTruncated = true;
    const name = stream === "stderr" ? "stderr" : "stdout";
    const bytes = Buffer.from(deltaBase64, "base64");
    this.#add(name, this.#decoders[name].decode(bytes, { stream: true }));
  }

  /** Returns the whole output, once the command has ended. */
  end(): CommandTexts {
    for (const name of ["stdout", "stderr"] as const)
      this.#add(name, this.#decoders[name].decode());
    return { ...this.#texts, isTruncated: this.#isTruncated };
  }

  #add(stream: "stdout" | "stderr", text: string): void {
    if (text === "") return;
    this.#texts[stream] += text;
    this.#onOutput?.({ stream, text });
  }
}
