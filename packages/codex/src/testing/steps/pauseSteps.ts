import { setTimeout } from "node:timers/promises";

import { InvalidOptionError } from "../../errors/codexError.js";
import { checkDuration, describeValue } from "../../internal/validate.js";
import { Gate } from "../gate.js";
import type { StepKind } from "./scriptStep.js";

// Taken at load, so that a test with fake timers does not stop the scripted model.
const sleep = setTimeout;

/** A pause of a fixed length. Made by `delay()`. */
export interface DelayStep {
  readonly kind: "delay";
  /** The length, in milliseconds. */
  readonly ms: number;
}

/**
 * Makes a step that waits for `ms` milliseconds. In most tests a `Gate` is the better pause: it is never
 * too short.
 *
 * @example
 * ```ts
 * harness.model.enqueue(delay(100), message("Done."));
 * ```
 *
 * @throws InvalidOptionError
 */
export function delay(ms: number): DelayStep {
  checkDuration("ms", ms);
  return { kind: "delay", ms };
}

export const DELAY: StepKind<DelayStep> = {
  kind: "delay",
  create: delay,
  effect: "silent",
  play: (step, stream) => pause(step, stream.signal),
};

export const GATE: StepKind<Gate> = {
  kind: "gate",
  create: () => new Gate(),
  effect: "silent",
  play: (step, stream) => pause(step, stream.signal),
};

/** Waits for the end of a pause. Rejects when `signal` aborts. */
export async function pause(step: DelayStep | Gate, signal: AbortSignal): Promise<void> {
  if (step.kind === "delay") {
    await sleep(step.ms, undefined, { signal });
    return;
  }
  signal.throwIfAborted();
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    void step.pass().then(resolve);
  });
  signal.throwIfAborted();
}

/** Checks that a value is a gate or a delay. */
export function checkPause(name: string, value: unknown): void {
  if (value instanceof Gate) return;
  const { kind, ms }: Partial<DelayStep> = Object(value);
  if (kind === "delay") {
    checkDuration(`${name}.ms`, ms);
    return;
  }
  throw new InvalidOptionError(
    name,
    `expected a string, a gate of model.gate() or a delay() step, not ${describeValue(value)}.`,
  );
}
