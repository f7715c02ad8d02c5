import { InvalidOptionError } from "../../errors/codexError.js";
import { checkRequiredOptions, describeValue, optionsOf } from "../../internal/validate.js";
import type { ScriptedUsage } from "./responsesEvents.js";
import type { StepKind } from "./scriptStep.js";

/** The usage that a response reports at its end. Made by `usage()`. */
export interface UsageStep {
  readonly kind: "usage";
  /** The tokens. */
  readonly usage: ScriptedUsage;
}

const USAGE_OPTIONS = optionsOf<ScriptedUsage>({
  inputTokens: checkTokens,
  cachedInputTokens: checkTokens,
  outputTokens: checkTokens,
  reasoningOutputTokens: checkTokens,
  totalTokens: checkTokens,
});

/**
 * Makes a step that sets the usage which the response reports. Without it a response reports one input
 * token and one output token.
 *
 * @example
 * ```ts
 * harness.model.enqueue(message("Done."), usage({ inputTokens: 1200, outputTokens: 30 }));
 * ```
 *
 * @throws InvalidOptionError
 */
export function usage(scripted: ScriptedUsage): UsageStep {
  checkRequiredOptions("usage()", scripted, USAGE_OPTIONS);
  return { kind: "usage", usage: scripted };
}

export const USAGE: StepKind<UsageStep> = {
  kind: "usage",
  create: usage,
  effect: "silent",
  play(step, stream) {
    stream.usage = step.usage;
  },
};

function checkTokens(name: string, value: unknown): void {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return;
  throw new InvalidOptionError(
    name,
    `expected a whole number of tokens from 0 on, not ${describeValue(value)}.`,
  );
}
