import { PREVIOUS_PIN } from "./previousPin.js";

/**
 * The published runtimes that the SDK is run against, oldest first: the first that it is meant for, some
 * between, a prerelease, and the last before the pin. The pin itself is what all other tests run.
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

/** Those of them that the default test run fetches: the oldest, the prerelease, and the one before the pin. */
export const DEFAULT_VERSIONS = ["0.116.0", "0.162.0-alpha.15", PREVIOUS_PIN] as const;
