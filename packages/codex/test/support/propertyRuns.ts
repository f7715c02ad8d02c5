import type { Parameters } from "fast-check";
import { onTestFailed } from "vitest";

/** How many times as many cases each property runs; the normal run leaves the variable out. */
const FACTOR = Number(process.env["CODEX_PROPERTY_RUNS"] ?? "1");

/** The time limit of a test that runs a property. */
export const PROPERTY_TIMEOUT_MS = 60_000 * FACTOR;

/**
 * The parameters of a property: its cases in the normal run, times CODEX_PROPERTY_RUNS, and a seed that
 * is shown when the test fails, also by a hang. CODEX_PROPERTY_SEED runs that one again.
 */
export function propertyRuns(numRuns: number): Parameters<unknown> {
  if (!(FACTOR >= 1)) throw new Error("CODEX_PROPERTY_RUNS has to be a number from 1 on");
  const seed = Number(process.env["CODEX_PROPERTY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  onTestFailed(({ task }) => {
    // The runner shows what a test prints: nothing else says the seed of a case that hangs.
    // oxlint-disable-next-line no-console
    console.error(`${task.name}: run again with CODEX_PROPERTY_SEED=${seed}`);
  });
  return { numRuns: Math.round(numRuns * FACTOR), seed, endOnFailure: false };
}
