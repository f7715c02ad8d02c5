import { copyFile, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TestProject } from "vitest/node";

import { startHarness } from "../../src/testing/index.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder with the files that a runtime makes in a new `CODEX_HOME`. */
    readonly preparedHome: string;
  }
}

/**
 * Starts a runtime once and keeps what it makes in a new home. Creating its databases is a third of the
 * time that a start takes, and the tests start a runtime several hundred times.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), "codex-prepared-home-"));
  await using harness = await startHarness();
  await harness.codex.account();
  await harness.codex.close();
  const entries = await readdir(harness.codexHome, { withFileTypes: true });
  await Promise.all(
    entries
      .filter((entry) => entry.isFile() && entry.name !== "config.toml")
      .map(({ name }) => copyFile(join(harness.codexHome, name), join(folder, name))),
  );
  project.provide("preparedHome", folder);
  return () => rm(folder, { recursive: true, force: true });
}
