import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { codexPath } from "@openai/codex-cli-bin";
import { startHarness } from "@openai/codex/testing";

import { ACCOUNT_SCENARIOS } from "./accountScenarios.js";
import { normalise } from "./normalise.js";
import { REQUEST_SCENARIOS } from "./requestScenarios.js";
import type { Scenario } from "./scenario.js";
import { parseRecording, type Transcript } from "./transcript.js";
import { TURN_SCENARIOS } from "./turnScenarios.js";

const RECORDER = fileURLToPath(
  new URL("../../../../packages/codex/test/support/recordingRuntime.mjs", import.meta.url),
);

/** All recorded scenarios. */
export const SCENARIOS: readonly Scenario[] = [
  ...ACCOUNT_SCENARIOS,
  ...TURN_SCENARIOS,
  ...REQUEST_SCENARIOS,
];

/**
 * Plays a scenario with the pinned runtime and returns its transcript. The browser login has a fixed port:
 * only one may run on a machine at a time.
 */
export async function recordScenario({ options, run }: Scenario): Promise<Transcript> {
  const folder = await mkdtemp(join(tmpdir(), "codex-record-"));
  const logFile = join(folder, "wire.log");
  try {
    const runtime = [codexPath(), "app-server", "--listen", "stdio://"];
    const launchArgs = [process.execPath, RECORDER, logFile, ...runtime];
    const harness = await startHarness({ ...options, codex: { ...options?.codex, launchArgs } });
    const root = dirname(harness.codexHome);
    let runtimeVersion: string;
    try {
      await run(harness);
      runtimeVersion = harness.codex.metadata.serverInfo.version;
    } finally {
      await harness.close();
    }
    return normalise(parseRecording(await readFile(logFile, "utf8")), { root, runtimeVersion });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
