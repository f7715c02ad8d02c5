import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { InvalidOptionError } from "../errors.js";
import type { Gate } from "./gate.js";
import * as events from "./responsesEvents.js";
import type { DelayStep, ScriptStep, StreamedMessageStep } from "./steps.js";

const ENDING_KINDS = new Set<ScriptStep["kind"]>([
  "failure",
  "truncation",
  "destroySocket",
  "httpStatus",
]);
const SILENT_KINDS = new Set<ScriptStep["kind"]>(["gate", "delay", "usage"]);

/** Throws `InvalidOptionError` where the steps cannot be played: better in the test's line than in a 500. */
export function checkSteps(steps: readonly ScriptStep[]): void {
  const ending = steps.findIndex((step) => ENDING_KINDS.has(step.kind));
  if (ending === -1) return;
  const kind = steps[ending]?.kind;
  const after = steps[ending + 1]?.kind;
  if (after !== undefined) {
    throw new InvalidOptionError(
      "steps",
      `"${after}" comes after "${kind}", which ends the response. Enqueue it as a response of its own.`,
    );
  }
  const before = steps.slice(0, ending).find((step) => !SILENT_KINDS.has(step.kind))?.kind;
  if (kind === "httpStatus" && before !== undefined) {
    throw new InvalidOptionError(
      "steps",
      `"httpStatus" comes after "${before}", when a stream is already open. Use failure() or truncation().`,
    );
  }
}

/** Plays the steps of one response. Stops without a word when `signal` aborts: nobody listens any more. */
export async function playResponse(
  response: ServerResponse,
  steps: readonly ScriptStep[],
  { number, signal }: { readonly number: number; readonly signal: AbortSignal },
): Promise<void> {
  const player = new ResponsePlayer(response, number, signal);
  try {
    for (const step of steps) {
      // In order is the point: a script is a sequence.
      // oxlint-disable-next-line no-await-in-loop
      await player.play(step);
    }
    await player.finish();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

class ResponsePlayer {
  readonly #response: ServerResponse;
  readonly #number: number;
  readonly #signal: AbortSignal;
  #items = 0;
  #usage: events.ScriptedUsage = {};
  #isEnded = false;

  constructor(response: ServerResponse, number: number, signal: AbortSignal) {
    this.#response = response;
    this.#number = number;
    this.#signal = signal;
  }

  async play(step: ScriptStep): Promise<void> {
    switch (step.kind) {
      case "message":
        return this.#send(events.messageDone(this.#messageFields(step), step.text));
      case "streamedMessage":
        return this.#streamMessage(step);
      case "reasoning": {
        const id = step.id ?? this.#nextId("rs");
        return this.#send(...events.reasoningEvents({ ...step, id }));
      }
      case "functionCall": {
        const callId = step.callId ?? this.#nextId("call");
        return this.#send(events.functionCallDone({ ...step, callId }));
      }
      case "usage":
        this.#usage = step.usage;
        return;
      case "rawSse":
        return this.#write(step.text);
      case "delay":
      case "gate":
        return this.#pause(step);
      case "failure":
        await this.#send(events.responseFailed(this.#responseId, step.code, step.message));
        return this.#end();
      case "truncation":
        await this.#open();
        return this.#end();
      case "destroySocket":
        await this.#open();
        this.#isEnded = true;
        this.#response.destroy();
        return;
      case "httpStatus":
        this.#response.writeHead(step.status, step.headers);
        return this.#end(step.body);
    }
    // A script in plain JavaScript can hold what the types exclude.
    const unknown: never = step;
    throw new InvalidOptionError("steps", `Not a step: ${JSON.stringify(unknown)}`);
  }

  async finish(): Promise<void> {
    if (this.#isEnded) return;
    await this.#send(events.responseCompleted(this.#responseId, this.#usage));
    this.#end();
  }

  get #responseId(): string {
    return `resp_${this.#number}`;
  }

  #messageFields(step: { readonly id?: string; readonly phase?: events.MessagePhase }): {
    readonly id: string;
    readonly phase?: events.MessagePhase | undefined;
  } {
    return { id: step.id ?? this.#nextId("msg"), phase: step.phase };
  }

  #nextId(prefix: string): string {
    this.#items += 1;
    return `${prefix}_${this.#number}_${this.#items}`;
  }

  async #streamMessage(step: StreamedMessageStep): Promise<void> {
    const fields = this.#messageFields(step);
    await this.#send(events.messageAdded(fields));
    const deltas: string[] = [];
    for (const part of step.parts) {
      // oxlint-disable no-await-in-loop
      if (typeof part === "string") {
        deltas.push(part);
        await this.#send(events.outputTextDelta(fields.id, part));
      } else {
        await this.#pause(part);
      }
      // oxlint-enable no-await-in-loop
    }
    await this.#send(events.messageDone(fields, deltas.join("")));
  }

  async #pause(step: DelayStep | Gate): Promise<void> {
    if (step.kind === "delay") {
      await sleep(step.ms, undefined, { signal: this.#signal });
      return;
    }
    this.#signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      this.#signal.addEventListener("abort", () => resolve(), { once: true });
      void step.pass().then(resolve);
    });
    this.#signal.throwIfAborted();
  }

  async #send(...list: events.ResponsesEvent[]): Promise<void> {
    await this.#write(list.map(events.toSse).join(""));
  }

  async #open(): Promise<void> {
    if (this.#response.headersSent) return;
    this.#response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
    });
    await this.#writeChunk(events.toSse(events.responseCreated(this.#responseId)));
  }

  async #write(text: string): Promise<void> {
    await this.#open();
    await this.#writeChunk(text);
  }

  async #writeChunk(text: string): Promise<void> {
    this.#signal.throwIfAborted();
    if (text === "") return;
    // The callback, not `drain`: at a gate or a cut, what came before must have left this process. It is
    // also called when the connection is gone, and the signal tells that.
    await new Promise<void>((resolve) => this.#response.write(text, () => resolve()));
  }

  #end(body?: string): void {
    this.#isEnded = true;
    this.#response.end(body);
  }
}
