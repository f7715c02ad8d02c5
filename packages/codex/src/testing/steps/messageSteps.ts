import { InvalidOptionError } from "../../errors/codexError.js";
import {
  describeValue,
  checkOptions,
  checkText,
  checkWellFormed,
  optionsOf,
  readGiven,
} from "../../internal/validate.js";
import type { Gate } from "../gate.js";
import { checkPause, type DelayStep, pause } from "./pauseSteps.js";
import {
  messageAdded,
  messageDone,
  type MessagePhase,
  outputTextDelta,
} from "./responsesEvents.js";
import type { ResponseStream } from "./responseStream.js";
import type { StepKind } from "./scriptStep.js";

/** A whole assistant message, sent at once. Made by `message()`. */
export interface MessageStep {
  readonly kind: "message";
  /** The text of the message. */
  readonly text: string;
  /** The id of the item. */
  readonly id?: string | undefined;
  /** True if it is commentary or the final answer. */
  readonly phase?: MessagePhase | undefined;
}

/** A part of a streamed message: a delta of its text, or a pause before the next delta. */
export type StreamPart = string | DelayStep | Gate;

/** An assistant message that is streamed delta by delta. Made by `streamedMessage()`. */
export interface StreamedMessageStep {
  readonly kind: "streamedMessage";
  /** The deltas, and the pauses between them. */
  readonly parts: Iterable<StreamPart>;
  /** The id of the item. */
  readonly id?: string | undefined;
  /** True if it is commentary or the final answer. */
  readonly phase?: MessagePhase | undefined;
}

/** Options of `message()` and `streamedMessage()`. */
export interface MessageOptions {
  /** The id of the item. Defaults to one that is unique to the model. */
  readonly id?: string | undefined;
  /** The phase of the message. Defaults to none, as older models answer. */
  readonly phase?: MessagePhase | undefined;
}

const MESSAGE_OPTIONS = optionsOf<MessageOptions>({ id: checkText, phase: checkText });

/**
 * Makes a step that sends a whole assistant message.
 *
 * @example
 * ```ts
 * harness.model.enqueue(message("Done.", { phase: "final_answer" }));
 * ```
 *
 * @throws InvalidOptionError
 */
export function message(text: string, options: MessageOptions = {}): MessageStep {
  checkWellFormed("text", text);
  checkOptions("message()", options, MESSAGE_OPTIONS);
  return { kind: "message", text, ...options };
}

/**
 * Makes a step that streams an assistant message: each string is one delta; a gate or a delay pauses
 * the stream.
 *
 * @example
 * ```ts
 * harness.model.enqueue(streamedMessage(["One, ", "two."]));
 * ```
 *
 * @throws InvalidOptionError
 */
export function streamedMessage(
  parts: Iterable<StreamPart>,
  options: MessageOptions = {},
): StreamedMessageStep {
  checkParts(parts);
  checkOptions("streamedMessage()", options, MESSAGE_OPTIONS);
  return { kind: "streamedMessage", parts, ...options };
}

export const MESSAGE: StepKind<MessageStep> = {
  kind: "message",
  create: message,
  effect: "sends",
  play: (step, stream) => stream.send(messageDone(fieldsOf(step, stream), step.text)),
};

export const STREAMED_MESSAGE: StepKind<StreamedMessageStep> = {
  kind: "streamedMessage",
  create: streamedMessage,
  effect: "sends",
  async play(step, stream) {
    const fields = fieldsOf(step, stream);
    await stream.send(messageAdded(fields));
    const deltas: string[] = [];
    for (const part of step.parts) {
      checkPart(part);
      // oxlint-disable no-await-in-loop
      if (typeof part === "string") {
        deltas.push(part);
        await stream.send(outputTextDelta(fields.id, part));
      } else {
        await pause(part, stream.signal);
      }
      // oxlint-enable no-await-in-loop
    }
    await stream.send(messageDone(fields, deltas.join("")));
  },
};

function fieldsOf(step: MessageStep | StreamedMessageStep, stream: ResponseStream) {
  return { id: step.id ?? stream.nextId("msg"), phase: step.phase };
}

function checkParts(parts: unknown): void {
  const isIterable =
    typeof parts === "object" &&
    parts !== null &&
    readGiven("parts", () => typeof Reflect.get(parts, Symbol.iterator)) === "function";
  if (!isIterable) {
    throw new InvalidOptionError(
      "parts",
      `expected a list or another iterable of strings, gates and delay() steps, not ${describeValue(parts)}; use message() for a single text.`,
    );
  }
  // Another iterable may be endless or only be read once: its parts are checked as they are played.
  readGiven("parts", () => {
    if (Array.isArray(parts)) parts.forEach(checkPart);
  });
}

function checkPart(part: unknown): void {
  if (typeof part === "string") checkWellFormed("parts", part);
  else checkPause("parts", part);
}
