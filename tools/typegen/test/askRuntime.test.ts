import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { codexPath } from "@openai/codex-cli-bin";
import { expect, onTestFinished, test } from "vitest";

import { generateTypes } from "../src/generateTypes.js";
import { pinnedVersion } from "./support/protocol.js";

test("refuses a runtime of another version than the pinned one, and writes nothing", async () => {
  const outDir = await scratch();
  await expect(
    generateTypes({ codexPath: codexPath(), outDir, expectedVersion: "0.0.1" }),
  ).rejects.toMatchObject({
    name: "GenerationError",
    code: "RUNTIME_VERSION_MISMATCH",
    message: `The runtime at ${codexPath()} is version ${await pinnedVersion()}, but the pinned version is 0.0.1. Run \`pnpm install\` to get the pinned runtime, and see that CODEX_CLI_BIN_PATH does not point to another one.`,
  });
  expect(await readdir(outDir)).toEqual([]);
});

test("names the command that failed when the runtime is missing", async () => {
  const outDir = await scratch();
  const missing = join(outDir, "codex");
  await expect(generateTypes({ codexPath: missing, outDir })).rejects.toMatchObject({
    code: "RUNTIME_FAILED",
    message: expect.stringContaining(`\`${missing} --version\` failed`),
  });
});

test("reports that the executable is not a Codex runtime", async () => {
  const outDir = await scratch();
  await expect(generateTypes({ codexPath: process.execPath, outDir })).rejects.toMatchObject({
    code: "RUNTIME_FAILED",
    message: expect.stringContaining("which holds no version. Is it the Codex runtime?"),
  });
});

async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "codex-typegen-test-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
