import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { BUMP_FOLDER } from "../../../src/bump/bumpJournal.js";
import { undoInterruptedBump } from "../../../src/bump/bumpLane.js";
import { whileNoOtherBump } from "../../../src/bump/bumpLock.js";
import { openRepository } from "../../../src/repository.js";
import { bump, checkout } from "../../support/bumpCheckout.js";
import { OTHER_RUNTIME, toolsOf } from "../../support/otherRuntime.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { runTool } from "../../support/tool.js";

const git = async (cwd: string, ...args: readonly string[]): Promise<void> => {
  const user = ["-c", "user.name=test", "-c", "user.email=test@example.invalid"];
  await promisify(execFile)("git", [...user, ...args], { cwd });
};

test("a second bump of a checkout is refused, and the first one keeps its journal", async () => {
  await using folder = await temporaryFolder();
  const root = folder.path;
  await checkout(root);
  await whileNoOtherBump(root, async () => {
    const journal = join(root, BUMP_FOLDER, "journal");
    await mkdir(journal);
    const run = await runTool("bump", "--codex-version", "1.3.0", "--repository", root);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toMatch(/^error: Another bump runs in this checkout [^\n]*\n$/);
    expect(existsSync(journal)).toBe(true);
    await expect(whileNoOtherBump(root, async () => {})).rejects.toThrow("Another bump runs");
  });
  await whileNoOtherBump(root, async () => {});
});

test("the lock of a bump that was killed is taken over, and nothing of it is left", async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, BUMP_FOLDER));
  const owner = { pid: spawnSync(process.execPath, ["-e", ""]).pid, host: hostname() };
  await writeFile(join(folder.path, BUMP_FOLDER, "owner.json"), JSON.stringify(owner));
  expect(await whileNoOtherBump(folder.path, async () => "done")).toBe("done");
  expect(await readdir(folder.path)).toEqual([]);
});

test("a killed bump is not undone once the checkout is at another commit", async () => {
  await using folder = await temporaryFolder();
  const root = folder.path;
  const repository = await checkout(root);
  await writeFile(join(root, ".gitignore"), `${BUMP_FOLDER}/\nnode_modules/\n`);
  await git(root, "init", "--quiet");
  await git(root, "add", "--all");
  await git(root, "commit", "--quiet", "--message", "first");
  const tools = toolsOf(OTHER_RUNTIME);
  // The bump fails, and its undoing fails as well: the journal stays, as after a kill.
  const install = () => Promise.reject(new Error("no network"));
  await expect(bump(repository, { tools: { ...tools, install } })).rejects.toThrow("no network");
  await writeFile(join(root, "package.json"), '{ "name": "newer" }');
  await git(root, "commit", "--quiet", "--all", "--message", "second");

  const undo = undoInterruptedBump(root, () => openRepository(root), tools);
  await expect(undo).rejects.toMatchObject({
    code: "BUMP_FAILED",
    message: expect.stringMatching(
      /was interrupted at commit [0-9a-f]{40}, and the checkout is at/,
    ),
  });
  expect(await readFile(join(root, "package.json"), "utf8")).toBe('{ "name": "newer" }');
});
