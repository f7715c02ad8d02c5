import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import {
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { replaceFolder, STAGING_MARKER } from "../../src/replaceFolder.js";
import { fixtureRepository } from "../support/fixtureRepository.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { runTool } from "../support/tool.js";

async function stageText(out: string, text: string): Promise<void> {
  await replaceFolder(out, async ({ folder }) => writeFile(join(folder, "text"), text));
}

test("an earlier result is replaced", async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, "deep", "out");
  await stageText(out, "one");
  await stageText(out, "two");
  expect(await readFile(join(out, "text"), "utf8")).toBe("two");
  expect(await readdir(join(folder.path, "deep"))).toEqual(["out"]);
});

describe("staging refuses, and leaves as it was,", () => {
  test.each([
    ["the repository root", "."],
    ["the sources of the SDK", "packages/codex"],
    ["the sources of the types", "packages/codex-types"],
    ["the sources of the lookup", "packages/codex-cli-bin"],
  ])("%s", async (_, out) => {
    await using folder = await temporaryFolder();
    const { root } = await fixtureRepository(join(folder.path, "checkout"));
    const before = await readdir(root, { recursive: true });
    // stage-sdk writes with the same function, after it has generated the types.
    for (const command of ["stage-types", "stage-cli-bin", "stage-all", "stage-runtime"]) {
      const isRuntime = command === "stage-runtime";
      const more = isRuntime ? ["--platform", "linux-x64", "--from-npm"] : ["--no-build"];
      const version = ["--codex-version", "1.2.3", "--repository", root];
      const run = await runTool(command, join(root, out), ...version, ...more);
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toMatch(/^error: .*was not made by this command.*\n$/m);
    }
    expect(await readdir(root, { recursive: true })).toEqual(before);
  });

  test.each([
    ["a folder with another program's release.json", "release.json", "{}"],
    ["a folder with a published package's manifest", "package.json", '{ "name": "@openai/codex" }'],
    ["a folder whose marker has other text", ".codex-release-staged", "mine"],
  ])("%s", async (_, name, content) => {
    await using folder = await temporaryFolder();
    const out = join(folder.path, "out");
    await mkdir(out);
    await writeFile(join(out, name), content);
    await expect(stageText(out, "new")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await readdir(out)).toEqual([name]);
    expect(await readFile(join(out, name), "utf8")).toBe(content);
    expect(await readdir(folder.path)).toEqual(["out"]);
  });

  test("a symbolic link, also one to an earlier result", async () => {
    await using folder = await temporaryFolder();
    await stageText(join(folder.path, "result"), "old");
    const out = join(folder.path, "out");
    await symlink(join(folder.path, "result"), out, "junction");
    await expect(stageText(out, "new")).rejects.toThrow(
      "is a symbolic link, which is not replaced",
    );
    expect(await readFile(join(out, "text"), "utf8")).toBe("old");
  });

  test("a link that leads nowhere", async () => {
    await using folder = await temporaryFolder();
    const out = join(folder.path, "out");
    await symlink(join(folder.path, "nowhere"), out, "junction");
    await expect(stageText(out, "new")).rejects.toThrow("is a symbolic link");
  });

  test.each([".git", "notes.txt", "deep/notes.txt"])(
    "an earlier result to which %s was added",
    async (added) => {
      await using folder = await temporaryFolder();
      const out = join(folder.path, "out");
      await replaceFolder(out, async ({ folder: built }) => mkdir(join(built, "deep")));
      await mkdir(join(out, added));
      await expect(stageText(out, "new")).rejects.toThrow(
        `holds ${added}, which this command did not write`,
      );
      expect(existsSync(join(out, added))).toBe(true);
    },
  );

  // Not everybody may make symbolic links to files on Windows.
  const forms = ["as a copy", "as a hard link", "as a folder"];
  test.each([...forms, ...(process.platform === "win32" ? [] : ["as a symbolic link"])])(
    "a folder of sources with the marker of an earlier result %s",
    async (form) => {
      await using folder = await temporaryFolder();
      await stageText(join(folder.path, "result"), "old");
      const marker = join(folder.path, "result", STAGING_MARKER);
      const out = join(folder.path, "out");
      await mkdir(out);
      await writeFile(join(out, "source.ts"), "");
      const place = join(out, STAGING_MARKER);
      if (form === "as a copy") await copyFile(marker, place);
      else if (form === "as a hard link") await link(marker, place);
      else if (form === "as a symbolic link") await symlink(marker, place);
      else await mkdir(place);
      await expect(stageText(out, "new")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
      expect((await readdir(out)).toSorted()).toEqual([STAGING_MARKER, "source.ts"]);
    },
  );

  test("what took the place while the result was built", async () => {
    await using folder = await temporaryFolder();
    const out = join(folder.path, "out");
    const staging = replaceFolder(out, async () => {
      await mkdir(out);
      await writeFile(join(out, "theirs"), "");
    });
    await expect(staging).rejects.toThrow("was not made by this command");
    expect(await readdir(out)).toEqual(["theirs"]);
  });
});

describe("the scratch folders of killed runs", () => {
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  const owner = (pid: number, host = hostname()): string => JSON.stringify({ pid, host });

  test.each([
    ["is removed if its process is dead", owner(dead), true],
    ["is kept while its process lives", owner(process.pid), false],
    ["is kept if it belongs to another machine", owner(dead, "elsewhere"), false],
    ["is kept if its owner cannot be read", "{", false],
  ])("one %s", async (_, content, isRemoved) => {
    await using folder = await temporaryFolder();
    const left = join(folder.path, ".out-staging-aB3xY9");
    await mkdir(join(left, "folder"), { recursive: true });
    await writeFile(join(left, ".codex-release-scratch.json"), content);
    await stageText(join(folder.path, "out"), "new");
    expect(existsSync(left)).toBe(!isRemoved);
  });

  test("an old one without an owner is removed only if it is empty", async () => {
    await using folder = await temporaryFolder();
    const [empty, full] = [".out-staging-aaaaaa", ".out-staging-bbbbbb"].map((name) =>
      join(folder.path, name),
    );
    if (empty === undefined || full === undefined) throw new Error("unreachable");
    await mkdir(empty);
    await mkdir(full);
    await writeFile(join(full, "theirs"), "");
    for (const path of [empty, full]) await utimes(path, 0, 0);
    await stageText(join(folder.path, "out"), "new");
    expect([existsSync(empty), existsSync(full)]).toEqual([false, true]);
  });

  test("a folder of another name is kept", async () => {
    await using folder = await temporaryFolder();
    const other = join(folder.path, ".out-staging-notes");
    await mkdir(other);
    await writeFile(join(other, ".codex-release-scratch.json"), owner(dead));
    await stageText(join(folder.path, "out"), "new");
    expect(existsSync(other)).toBe(true);
  });
});
