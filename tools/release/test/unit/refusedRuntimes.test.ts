import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { parsePlatform } from "../../src/platforms.js";
import { stageRuntime } from "../../src/runtime/stageRuntime.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { fixtureRepository } from "../support/fixtureRepository.js";
import { elfHeader, standInExecutable, writeCodexPackage } from "../support/standIns.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

const version = parseCodexVersion("1.2.3");
const linux = parsePlatform("linux-x64");
const mac = parsePlatform("darwin-arm64");

test.each([
  ["missing", null, "There is no file"],
  ["empty", Buffer.alloc(0), "it is empty"],
  ["a script", Buffer.from("#!/bin/sh\nexec codex\n"), "it is not an ELF, Mach-O or PE file"],
  ["of another system", standInExecutable(mac, "1.2.3"), "it is a Mach-O file, for darwin"],
  ["of another architecture", elfHeader(183), "it is built for arm64"],
  ["of an unknown architecture", elfHeader(243), "it is built for another architecture"],
  ["an object file", elfHeader(62, 1), "it is a library or an object file"],
])("refuses a binary that is %s, and writes nothing", async (_, content, reason) => {
  await using folder = await temporaryFolder();
  const repository = await fixtureRepository(join(folder.path, "checkout"));
  const path = join(folder.path, "codex");
  if (content !== null) await writeFile(path, content);
  const out = join(folder.path, "out", "staged");
  const source = { kind: "binary", path, resources: [] } as const;
  await expect(
    stageRuntime({ repository, out, version, target: linux, source, asksVersion: false }),
  ).rejects.toMatchObject({ code: "INVALID_BINARY", message: expect.stringContaining(reason) });
  expect(await readdir(join(folder.path, "out"))).toEqual([]);
});

test.each([
  ["of another version", { version: "1.2.4" }, "VERSION_MISMATCH", 'has the version "1.2.4"'],
  [
    "of another platform",
    { target: mac.triple },
    "INVALID_PACKAGE",
    `has the target "${mac.triple}"`,
  ],
  ["of a later layout", { layoutVersion: 2 }, "INVALID_PACKAGE", "has the layoutVersion 2"],
  [
    "with a missing folder",
    { pathDir: "tools" },
    "INVALID_PACKAGE",
    'names "tools" as its pathDir',
  ],
])("refuses a package %s, and keeps the earlier result", async (_, change, code, reason) => {
  await using folder = await temporaryFolder();
  const repository = await fixtureRepository(join(folder.path, "checkout"));
  const out = join(folder.path, "staged");
  const stage = async (path: string): Promise<void> =>
    stageRuntime({
      repository,
      out,
      version,
      target: linux,
      source: { kind: "package", path },
      asksVersion: false,
    });
  await stage(await writeCodexPackage(join(folder.path, "good"), linux, "1.2.3"));
  const bad = await writeCodexPackage(join(folder.path, "bad"), linux, "1.2.3", change);
  await expect(stage(bad)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(reason),
  });
  expect((await readdir(folder.path)).toSorted()).toEqual(["bad", "checkout", "good", "staged"]);
  expect(existsSync(join(out, "vendor", linux.triple, "bin", "codex"))).toBe(true);
});

test("refuses what holds no Codex package", async () => {
  await using folder = await temporaryFolder();
  const repository = await fixtureRepository(join(folder.path, "checkout"));
  const out = join(folder.path, "staged");
  const stage = async (path: string): Promise<void> =>
    stageRuntime({ repository, out, version, target: linux, source: { kind: "package", path } });
  const empty = join(folder.path, "empty");
  await mkdir(empty);
  await writeFile(join(folder.path, "codex.zip"), "");
  await writeFile(join(folder.path, "broken.tar.gz"), "no archive");
  await expect(stage(empty)).rejects.toThrow("is not a Codex package for linux-x64");
  await expect(stage(join(folder.path, "codex.zip"))).rejects.toThrow(
    "neither a folder nor a .tar.gz",
  );
  await expect(stage(join(folder.path, "broken.tar.gz"))).rejects.toThrow(
    "cannot be read as a .tar.gz",
  );
  await expect(stage(join(folder.path, "nowhere"))).rejects.toThrow("There is no");
});

test("refuses to stage without a licence", async () => {
  await using folder = await temporaryFolder();
  const repository = await fixtureRepository(join(folder.path, "checkout"));
  await rm(join(repository.root, "LICENSE"));
  const path = await writeCodexPackage(join(folder.path, "built"), linux, "1.2.3");
  const out = join(folder.path, "staged");
  const source = { kind: "package", path } as const;
  await expect(
    stageRuntime({ repository, out, version, target: linux, source, asksVersion: false }),
  ).rejects.toThrow("There is no licence");
  expect(existsSync(out)).toBe(false);
});
