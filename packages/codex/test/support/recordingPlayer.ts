import { setImmediate } from "node:timers/promises";

import { createDeferred, type Deferred } from "../../src/internal/deferred.js";
import type { WireMessage } from "./fakeAppServer.js";
import { LinkedRuntime } from "./linkedRuntime.js";
import type { Recording, RuntimeLine } from "./recordings.js";
import { seededRandom } from "./seededRandom.js";
import { splitBytes } from "./splitBytes.js";

/** Ways in which the bytes of an act reach the client. */
export type Delivery = "lines" | "chunk" | "bytes";

/** The longest piece of a delivery by bytes. */
const MAX_PIECE_BYTES = 400;

/**
 * A runtime that plays a recording: each opening request of the client gets the lines of the next act,
 * with the id of the response replaced by that of the request; other requests get the recorded result.
 */
export class RecordingPlayer implements Disposable {
  readonly runtime: LinkedRuntime;
  /** The client's answers to the runtime's requests. */
  readonly answers: WireMessage[] = [];
  readonly #recording: Recording;
  readonly #delivery: Delivery;
  readonly #sizes: Iterator<number>;
  readonly #awaited = new Map<unknown, Deferred<void>>();
  #next = 0;
  #played: Promise<void> = Promise.resolve();

  constructor(recording: Recording, delivery: Delivery, seed: number) {
    this.#recording = recording;
    this.#delivery = delivery;
    this.#sizes = pieceSizes(seed);
    this.runtime = new LinkedRuntime((message) => this.#act(message));
    this.runtime.initialize = recording.initialize;
  }

  /** Resolves when all lines of the acts so far have been written and read. */
  async played(): Promise<void> {
    await this.#played;
    await setImmediate();
  }

  /** Plays what came before the first act, where there is no act to play it with. */
  playPrologue(): void {
    this.#played = this.#deliver(toLines(this.#recording.prologue, undefined));
  }

  [Symbol.dispose](): void {
    this.runtime[Symbol.dispose]();
  }

  #act(message: WireMessage): void {
    const { id, method } = message;
    if (method === undefined) {
      this.answers.push(message);
      this.#awaited.get(id)?.resolve();
      return;
    }
    const act = this.#recording.acts[this.#next];
    if (act?.method === method) {
      this.#next += 1;
      const prologue = this.#next === 1 ? this.#recording.prologue : [];
      this.#played = this.#deliver(toLines([...prologue, ...act.lines], id));
    } else if (id !== undefined) {
      this.runtime.send({ id, result: this.#recording.results.get(method) ?? {} });
    }
  }

  async #deliver(lines: readonly string[]): Promise<void> {
    for (const chunk of this.#chunksOf(lines)) {
      this.runtime.write(chunk);
      // Each chunk in a turn of the event loop of its own, as from a pipe.
      // oxlint-disable-next-line no-await-in-loop
      await setImmediate();
      // oxlint-disable-next-line no-await-in-loop
      if (this.#delivery === "lines") await this.#answerTo(chunk);
    }
  }

  /** Waits, as the runtime did, for an answer that was recorded before the next line. */
  async #answerTo(line: string | Buffer): Promise<void> {
    const { id, method } = line.toString().startsWith("{") ? JSON.parse(line.toString()) : {};
    if (method === undefined || !this.#recording.answers.has(id)) return;
    if (this.answers.some((answer) => answer.id === id)) return;
    const answered = createDeferred<void>();
    this.#awaited.set(id, answered);
    await answered.promise;
  }

  #chunksOf(lines: readonly string[]): readonly (string | Buffer)[] {
    const text = lines.join("");
    switch (this.#delivery) {
      case "lines":
        return lines;
      case "chunk":
        return [text];
      case "bytes":
        return splitBytes(Buffer.from(text), this.#sizes);
    }
  }
}

function toLines(lines: readonly RuntimeLine[], id: WireMessage["id"]): string[] {
  return lines.map((line) => {
    if (line.kind === "raw") return `${line.text}\n`;
    const message = line.kind === "response" ? { ...line.message, id } : line.message;
    return `${JSON.stringify(message)}\n`;
  });
}

/** Sizes from 1 to `MAX_PIECE_BYTES`, the same for the same seed. */
function* pieceSizes(seed: number): Generator<number, never, undefined> {
  const random = seededRandom(seed);
  for (;;) yield 1 + random.below(MAX_PIECE_BYTES);
}
