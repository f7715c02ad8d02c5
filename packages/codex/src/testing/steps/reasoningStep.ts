import {
  checkOptions,
  checkText,
  checkTexts,
  checkWellFormed,
  optionsOf,
  readGiven,
} from "../../internal/validate.js";
import { reasoningEvents } from "./responsesEvents.js";
import type { StepKind } from "./scriptStep.js";

/** A reasoning item with its summaries and its raw texts. Made by `reasoning()`. */
export interface ReasoningStep {
  readonly kind: "reasoning";
  /** The summaries, which users are shown. */
  readonly summary: readonly string[];
  /** The raw texts. */
  readonly content: readonly string[];
  /** The id of the item. */
  readonly id?: string | undefined;
}

/** Options of `reasoning()`. */
export interface ReasoningOptions {
  /** The raw texts. Defaults to none. */
  readonly content?: readonly string[] | undefined;
  /** The id of the item. Defaults to one that is unique to the model. */
  readonly id?: string | undefined;
}

const REASONING_OPTIONS = optionsOf<ReasoningOptions>({ content: checkTexts, id: checkText });

/**
 * Makes a step that sends a reasoning item, with one summary or several.
 *
 * @example
 * ```ts
 * harness.model.enqueue(reasoning("I look first."), message("Done."));
 * ```
 *
 * @throws InvalidOptionError
 */
export function reasoning(
  summary: string | readonly string[],
  options: ReasoningOptions = {},
): ReasoningStep {
  if (typeof summary === "string") checkWellFormed("summary", summary);
  else readGiven("summary", () => checkTexts("summary", summary));
  checkOptions("reasoning()", options, REASONING_OPTIONS);
  const { content = [], ...rest } = options;
  const summaries = typeof summary === "string" ? [summary] : summary;
  return { kind: "reasoning", summary: summaries, content, ...rest };
}

export const REASONING: StepKind<ReasoningStep> = {
  kind: "reasoning",
  create: reasoning,
  effect: "sends",
  play: (step, stream) =>
    stream.send(...reasoningEvents({ ...step, id: step.id ?? stream.nextId("rs") })),
};
