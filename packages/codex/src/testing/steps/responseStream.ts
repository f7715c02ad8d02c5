import type { ServerResponse } from "node:http";

import {
  type ResponsesEvent,
  responseCreated,
  toSse,
  type ScriptedUsage,
} from "./responsesEvents.js";

/** The HTTP response to one model request, as the steps write into it. */
export class ResponseStream {
  readonly #response: ServerResponse;
  readonly #id: string;
  /** Aborts when the runtime has closed the connection: the rest of the script is not played. */
  readonly signal: AbortSignal;
  /** The usage that the response reports at its end. */
  usage: ScriptedUsage = {};
  #items = 0;
  #isEnded = false;

  constructor(response: ServerResponse, id: string, signal: AbortSignal) {
    this.#response = response;
    this.#id = id;
    this.signal = signal;
  }

  get responseId(): string {
    return `resp_${this.#id}`;
  }

  /** True if a step has ended the response. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Makes an id for an item, unique to the model. */
  nextId(prefix: string): string {
    this.#items += 1;
    return `${prefix}_${this.#id}_${this.#items}`;
  }

  /** Sends events, and opens the stream before the first one. */
  send(...events: readonly ResponsesEvent[]): Promise<void> {
    return this.write(events.map(toSse).join(""));
  }

  /** Sends text as it stands, and opens the stream before it. */
  async write(text: string): Promise<void> {
    if (!this.#response.headersSent) {
      const headers = { "content-type": "text/event-stream", "cache-control": "no-cache" };
      this.#response.writeHead(200, headers);
      await this.#writeChunk(toSse(responseCreated(this.responseId)));
    }
    await this.#writeChunk(text);
  }

  /** Ends the stream in good order. */
  end(): void {
    this.#isEnded = true;
    this.#response.end();
  }

  /** Closes the connection in the middle of the response. */
  cut(): void {
    this.#isEnded = true;
    this.#response.destroy();
  }

  /** Answers with an HTTP status and a body, in place of a stream. */
  replace(status: number, headers: Readonly<Record<string, string>>, body: string): void {
    this.#isEnded = true;
    this.#response.writeHead(status, headers);
    this.#response.end(body);
  }

  async #writeChunk(text: string): Promise<void> {
    this.signal.throwIfAborted();
    if (text === "") return;
    // The callback, not `drain`: at a gate or a cut, all earlier bytes must have left this process. Node
    // also calls it when the connection is gone, which the signal reports.
    await new Promise<void>((resolve) => this.#response.write(text, () => resolve()));
  }
}
