import type { Parameters } from "fast-check";
import { onTestFailed } from "vitest";

/** How many times as many cases each property runs; the normal run leaves the variable out. */
const FACTOR = Number(process.env["CODEX_PROPERTY_RUNS"] ?? "1");

/** The time limit of a test that runs a property. */
export const PROPERTY_TIMEOUT_MS = 60_000 * FACTOR;

/** How many times as many cases a test of many cases runs. */
export function propertyFactor(): number {
  if (!(FACTOR >= 1)) throw new Error("CODEX_PROPERTY_RUNS has to be a number from 1 on");
  return FACTOR;
}

/** The seed of a test that makes its own cases: always the same, unless CODEX_PROPERTY_SEED names another. */
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
    // The runner shows what a test prints: nothing else says the seed of a case that hangs.
    // oxlint-disable-next-line no-console
    console.error(`${task.name}: run again with CODEX_PROPERTY_SEED=${seed}`);
  });
  return { numRuns: Math.round(numRuns * factor), seed, endOnFailure: false };
}
