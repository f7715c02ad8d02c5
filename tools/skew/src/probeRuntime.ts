import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { fetchPackage } from "@codex-tools/npm-fetch";
import { type Target, targetOf } from "@openai/codex-cli-bin/targets";

import { coreProbes } from "./coreProbes.js";
import { extraProbes } from "./extraProbes.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import type { Probe, RuntimeUnderTest } from "./probe.js";
import { findExecutable } from "./runtimeExecutable.js";

/** The published command-line tool; its builds for a platform are versions with a suffix. */
const PUBLISHED_NAME = "@openai/codex";
const PROBE_TIMEOUT_MS = 60_000;

const probes: Readonly<Record<string, Probe>> = { ...coreProbes, ...extraProbes };

/** The features that every runtime must have. */
export const coreFeatures: readonly string[] = Object.keys(coreProbes);
/** All that is tried, in the order of the table. */
export const features: readonly string[] = Object.keys(probes);

/** What came of each feature on one version. */
export interface SkewResult {
  readonly version: string;
  readonly outcomes: Readonly<Record<string, Outcome>>;
}

/** Fetches a published runtime, tries every feature on it, and deletes it again. */
export async function probePublished(version: string): Promise<SkewResult> {
  const target = thisTarget();
  const folder = await mkdtemp(join(tmpdir(), "codex-skew-"));
  try {
    const unpacked = await fetchPackage(`${PUBLISHED_NAME}@${version}-${target.id}`, folder);
    return await probeRuntime({ version, codexPath: await findExecutable(unpacked, target) });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/** Tries every feature on a runtime, one after the other, each in a harness of its own. */
export async function probeRuntime(runtime: RuntimeUnderTest): Promise<SkewResult> {
  const outcomes: Record<string, Outcome> = {};
  for (const [feature, probe] of Object.entries(probes)) {
    // One runtime at a time: what is measured is the protocol, not the machine.
    // oxlint-disable-next-line no-await-in-loop
    outcomes[feature] = await outcomeOf(() => probe(runtime), PROBE_TIMEOUT_MS);
  }
  return { version: runtime.version, outcomes };
}

function thisTarget(): Target {
  const target = targetOf(process.platform, process.arch);
  if (target !== undefined) return target;
  throw new Error(`There is no runtime for ${process.platform}-${process.arch}.`);
}
