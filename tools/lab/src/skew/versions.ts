import { PREVIOUS_PIN } from "./previousPin.js";

/**
 * Published runtimes that the SDK is tested with, oldest first: the first supported one, some between, a
 * prerelease, and the last before the pinned one, on which all other tests run.
 */
export const SKEW_VERSIONS = [
  "0.116.0",
  "0.120.0",
  "0.125.0",
  "0.131.0",
  "0.136.0",
  "0.142.5",
  "0.148.0",
  "0.155.1",
  "0.162.0-alpha.15",
  "0.166.0",
  PREVIOUS_PIN,
] as const;

/** Versions of the slow tests: the oldest, the prerelease, and the one before the pinned one. */
export const DEFAULT_VERSIONS = ["0.116.0", "0.162.0-alpha.15", PREVIOUS_PIN] as const;
