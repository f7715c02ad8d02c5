import { InvalidOptionError } from "../../errors/codexError.js";
import { describeValue, readGiven } from "../../internal/validate.js";
import { DESTROY_SOCKET, FAILURE, HTTP_STATUS, TRUNCATION } from "./endingSteps.js";
import { MESSAGE, STREAMED_MESSAGE } from "./messageSteps.js";
import { DELAY, GATE } from "./pauseSteps.js";
import { RAW_SSE } from "./rawSseStep.js";
import { REASONING } from "./reasoningStep.js";
import { responseCompleted } from "./responsesEvents.js";
import type { ResponseStream } from "./responseStream.js";
import type { StepKind } from "./scriptStep.js";
import { FUNCTION_CALL } from "./toolCallSteps.js";
import { USAGE } from "./usageStep.js";

/** Every kind of step. */
const STEP_KINDS = [
  MESSAGE,
  STREAMED_MESSAGE,
  REASONING,
  FUNCTION_CALL,
  USAGE,
  RAW_SSE,
  DELAY,
  GATE,
  FAILURE,
  TRUNCATION,
  DESTROY_SOCKET,
  HTTP_STATUS,
] as const;

type StepOf<Kind> = Kind extends StepKind<infer Step> ? Step : never;

/**
 * One step of a scripted response. The stream opens with the first step that sends something, and
 * `response.completed` follows the last one, unless a step ends the response in another way.
 */
export type ScriptStep = StepOf<(typeof STEP_KINDS)[number]>;

const kindsByName: ReadonlyMap<string, StepKind<ScriptStep>> = new Map(
  // SAFETY: a step is only played by the record that has its own kind.
  STEP_KINDS.map((kind) => [kind.kind, kind as unknown as StepKind<ScriptStep>]),
);

/**
 * Checks that steps can be played in this order.
 *
 * @throws InvalidOptionError
 */
export function checkSteps(steps: readonly ScriptStep[]): void {
  if (!Array.isArray(steps)) {
    throw new InvalidOptionError("steps", `expected a list of steps, not ${describeValue(steps)}.`);
  }
  let sent: string | undefined;
  let ended: string | undefined;
  for (const step of steps) {
    const { kind, effect } = readGiven("steps", () => kindOf(step));
    if (ended !== undefined) {
      throw new InvalidOptionError(
        "steps",
        `"${kind}" comes after "${ended}", which ends the response; enqueue it as a response of its own.`,
      );
    }
    if (effect === "replaces" && sent !== undefined) {
      throw new InvalidOptionError(
        "steps",
        `"${kind}" comes after "${sent}", when a stream is already open; use failure() or truncation().`,
      );
    }
    if (effect === "ends" || effect === "replaces") ended = kind;
    if (effect === "sends") sent ??= kind;
  }
}

/** Plays the steps of one response. Stops when the signal of `stream` aborts: nobody reads any more. */
export async function playSteps(
  steps: readonly ScriptStep[],
  stream: ResponseStream,
): Promise<void> {
  try {
    for (const step of steps) {
      // A script is a sequence.
      // oxlint-disable-next-line no-await-in-loop
      await kindOf(step).play(step, stream);
    }
    if (stream.isEnded) return;
    await stream.send(responseCompleted(stream.responseId, stream.usage));
    stream.end();
  } catch (error) {
    if (!stream.signal.aborted) throw error;
  }
}

function kindOf(step: unknown): StepKind<ScriptStep> {
  const { kind }: { kind?: unknown } = Object(step);
  const found = kindsByName.get(String(kind));
  if (found !== undefined && typeof step === "object") return found;
  const shown = typeof step === "string" ? step : "…";
  throw new InvalidOptionError(
    "steps",
    `${describeValue(step)} is not a step; make one with message(${JSON.stringify(shown)}), shellCall() and so on.`,
  );
}
