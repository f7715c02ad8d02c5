import { checkWellFormed } from "../../internal/validate.js";
import type { StepKind } from "./scriptStep.js";

/** Text that is written into the stream as it stands. Made by `rawSse()`. */
export interface RawSseStep {
  readonly kind: "rawSse";
  /** The text, in the format of server-sent events or not. */
  readonly text: string;
}

/**
 * Makes a step that writes text into the stream as it stands: an event that no other step makes, or an
 * invalid one.
 *
 * @example
 * ```ts
 * harness.model.enqueue(rawSse(": a comment\n\n"), message("Done."));
 * ```
 *
 * @throws InvalidOptionError
 */
export function rawSse(text: string): RawSseStep {
  checkWellFormed("text", text);
  return { kind: "rawSse", text };
}

export const RAW_SSE: StepKind<RawSseStep> = {
  kind: "rawSse",
  create: rawSse,
  effect: "sends",
  play: (step, stream) => stream.write(step.text),
};
