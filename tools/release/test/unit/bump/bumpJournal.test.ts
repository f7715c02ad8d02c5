import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { undoInterruptedBump } from "../../../src/bump/bumpLane.js";
import { openRepository } from "../../../src/repository.js";
import { bump, checkout, snapshot } from "../../support/bumpCheckout.js";
import { OTHER_RUNTIME, OTHER_VERSION, toolsOf } from "../../support/otherRuntime.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

/** Bumps a checkout in a process of its own, which is killed at a point that the bump passes. */
async function killedAt(point: string, root: string): Promise<void> {
  const script = fileURLToPath(new URL("../../support/killedBump.mjs", import.meta.url));
  const child = spawn(
    process.execPath,
    [script, root, OTHER_VERSION.npm, point, JSON.stringify(OTHER_RUNTIME)],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  const [exitCode] = await once(child, "close");
  expect({ complaints, isKilled: exitCode !== 0 }).toEqual({ complaints: "", isKilled: true });
}

test.each([
  "Fetching the runtime 1.3.0-alpha.2 and generating its types",
  "half of manifest.json",
  "Checking that the registry has the runtime for every platform",
  "Writing 1.3.0-alpha.2 into the manifests",
  "Writing the protocol types",
  "Installing the runtime",
  "half of node_modules/installed.json",
  "Writing the changelogs",
  "Recording the transcripts",
  "half of packages/codex/test/transcripts/turn.jsonl",
])("a bump that is killed at %j is undone to the byte, the lock file included", async (point) => {
  await using folder = await temporaryFolder();
  await checkout(folder.path);
  const before = await snapshot(folder.path);
  await killedAt(point, folder.path);
  // Installs with the lock file kept, so only the journal can have restored that file.
  const tools = toolsOf(OTHER_RUNTIME);
  await undoInterruptedBump(folder.path, () => openRepository(folder.path), tools);
  expect(await snapshot(folder.path)).toEqual(before);
});

test("a bump that was killed and undone is completed by another run", async () => {
  await using folder = await temporaryFolder();
  await using other = await temporaryFolder();
  const repository = await checkout(folder.path);
  await killedAt("Recording the transcripts", folder.path);
  expect(await readFile(join(folder.path, "pnpm-lock.yaml"), "utf8")).toBe(OTHER_RUNTIME.lockFile);
  const tools = toolsOf(OTHER_RUNTIME);
  await undoInterruptedBump(folder.path, () => openRepository(folder.path), tools);
  await bump(repository);
  await bump(await checkout(other.path));
  expect(await snapshot(folder.path)).toEqual(await snapshot(other.path));
});

test("if the former runtime cannot be installed either, the error has both causes, and the next run tries again", async () => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  const before = await snapshot(folder.path);
  const tools = toolsOf(OTHER_RUNTIME);
  const install = () => Promise.reject(new Error("no network"));
  await expect(bump(repository, { tools: { ...tools, install } })).rejects.toMatchObject({
    code: "BUMP_FAILED",
    message: expect.stringMatching(
      /^The bump failed: no network\nThe files of 1\.2\.3 are restored/,
    ),
  });
  await undoInterruptedBump(folder.path, () => openRepository(folder.path), tools);
  expect(await snapshot(folder.path)).toEqual(before);
});
