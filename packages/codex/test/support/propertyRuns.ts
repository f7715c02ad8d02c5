import type { Parameters } from "fast-check";
import { onTestFailed } from "vitest";

/** The factor by which each property runs more cases. A normal run does not set the variable. */
const FACTOR = Number(process.env["CODEX_PROPERTY_RUNS"] ?? "1");

/** The time limit of a test that runs a property. */
export const PROPERTY_TIMEOUT_MS = 60_000 * FACTOR;

/** Returns the factor by which tests of many cases run more of them. */
export function propertyFactor(): number {
  if (!(FACTOR >= 1)) throw new Error("CODEX_PROPERTY_RUNS has to be a number from 1 on");
  return FACTOR;
}

/** Returns the seed of a test that makes its own cases: CODEX_PROPERTY_SEED, or always the same one. */
export function propertySeed(): number {
  return Number(process.env["CODEX_PROPERTY_SEED"] ?? "1");
}

/**
 * The parameters of a property: its cases in the normal run, times CODEX_PROPERTY_RUNS, and a seed that
 * is shown when the test fails, also by a hang. CODEX_PROPERTY_SEED runs that one again.
 */
export function propertyRuns(numRuns: number): Parameters<unknown> {
  const factor = propertyFactor();
  const seed = Number(process.env["CODEX_PROPERTY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  onTestFailed(({ task }) => {
    // The runner shows the output of a test: a case that hangs has no other way to report its seed.
    // oxlint-disable-next-line no-console
    console.error(`${task.name}: run again with CODEX_PROPERTY_SEED=${seed}`);
  });
  return { numRuns: Math.round(numRuns * factor), seed, endOnFailure: false };
}
