import { cp } from "node:fs/promises";

import { inject } from "vitest";

import {
  type Harness,
  type HarnessOptions,
  startHarness as startHarnessOfKit,
} from "../../src/testing/index.js";

export * from "../../src/testing/index.js";

/** `startHarness()` of the testing kit, with a `CODEX_HOME` in which the databases exist already. */
export async function startHarness(options?: HarnessOptions): Promise<Harness> {
  const harness = await startHarnessOfKit(options);
  await cp(inject("preparedHome"), harness.codexHome, { recursive: true });
  return harness;
}
