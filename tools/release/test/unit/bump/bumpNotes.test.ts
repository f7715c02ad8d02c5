import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { expect, test } from "vitest";

import { openRepository } from "../../../src/repository.js";
import { runOrThrow } from "../../../src/runCommand.js";
import { bump, checkout, snapshot } from "../../support/bumpCheckout.js";
import { writeFiles } from "../../support/fixtureRepository.js";
import { OTHER_RUNTIME, toolsOf } from "../../support/otherRuntime.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

const SDK = '"@openai/codex"';

test.each([
  ["without a header", "a.md", "Hello\n", "cannot be read: could not parse"],
  ["of a kind that does not exist", "a.md", `---\n${SDK}: huge\n---\n\nA\n`, "cannot be read"],
  ["about an unknown package", "a.md", '---\n"@x/y": patch\n---\n\nA\n', "cannot be read"],
  [
    "about a package that is not published",
    "a.md",
    '---\n"@codex-tools/other": patch\n---\n\nA\n',
    "which is not published",
  ],
  ["without a text", "a.md", `---\n${SDK}: patch\n---\n`, ".changeset/a.md has no text"],
  ["in pre mode", "pre.json", '{ "mode": "pre", "changesets": [] }', "pre mode"],
])("notes %s end a bump in one line before anything is fetched", async (_, file, text, reason) => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  await writeFiles(folder.path, { [`.changeset/${file}`]: text });
  const before = await snapshot(folder.path);
  const calls: string[] = [];
  const bumping = bump(repository, { tools: toolsOf(OTHER_RUNTIME, calls) });
  await expect(bumping).rejects.toMatchObject({
    code: "BUMP_FAILED",
    message: expect.stringMatching(/^[^\n]+$/),
  });
  await expect(bumping).rejects.toThrow(reason);
  expect(calls).toEqual([]);
  expect(await snapshot(folder.path)).toEqual(before);
});

test("a file of someone else among the generated types ends a bump in one line that names it", async () => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  await writeFiles(folder.path, { "packages/codex-types/src/generated/Mine.ts": "mine\n" });
  await expect(bump(repository)).rejects.toMatchObject({
    code: "BUMP_FAILED",
    message: expect.stringMatching(/^[^\n]*Mine\.ts[^\n]*$/),
  });
});

test("a bump writes the changelogs in a clone without the whole history, whose origin is gone", async () => {
  await using folder = await temporaryFolder();
  const [origin, clone] = [join(folder.path, "origin"), join(folder.path, "clone")];
  await checkout(origin);
  const git = async (cwd: string, ...args: string[]): Promise<unknown> =>
    runOrThrow(["git", "-c", "user.name=n", "-c", "user.email=e@localhost", ...args], { cwd });
  await git(origin, "init", "--quiet");
  await git(origin, "add", "--all");
  for (const message of ["one", "two"]) {
    await git(origin, "commit", "--quiet", "--allow-empty", "--message", message);
  }
  await git(folder.path, "clone", "--quiet", "--depth=1", pathToFileURL(origin).href, clone);
  await rm(origin, { recursive: true });
  await bump(openRepository(clone));
  expect(await readdir(join(clone, ".changeset"))).toEqual(["config.json"]);
});
