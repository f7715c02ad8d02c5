import { statSync } from "node:fs";
import { readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { integrityOf } from "../../src/integrity.js";
import { readJsonObject, writeJson } from "../../src/json.js";
import { packFolders } from "../../src/packFolder.js";
import { parsePlatform, parsePlatforms } from "../../src/platforms.js";
import { ReleaseError } from "../../src/releaseError.js";
import { readRelease } from "../../src/releaseManifest.js";
import { openRepository } from "../../src/repository.js";
import { stageAll } from "../../src/stage/stageAll.js";
import { listTarball } from "../../src/tarball.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { FIXTURE_VERSION, fixtureRepository, fixtureTools } from "../support/fixtureRepository.js";
import { stagedRelease } from "../support/stagedRelease.js";
import { machO } from "../support/standIns.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

test("stages folders and tarballs, with a manifest that describes them", async () => {
  await using folder = await temporaryFolder();
  const { path, manifest } = await stagedRelease(folder.path);
  expect(manifest).toEqual({
    version: FIXTURE_VERSION,
    tag: `rust-v${FIXTURE_VERSION}`,
    typesVersion: FIXTURE_VERSION,
    scope: "@openai",
    packages: [
      ["platform", "codex-darwin-arm64", 7],
      ["platform", "codex-linux-x64", 7],
      ["cli-bin", "codex-cli-bin", 5],
      ["types", "codex-types", 5],
      ["sdk", "codex", 5],
    ].map(([stage, name, fileCount]) => ({
      name: `@openai/${name}`,
      version: FIXTURE_VERSION,
      stage,
      folder: `packages/${name}`,
      tarball: `tarballs/openai-${name}-${FIXTURE_VERSION}.tgz`,
      fileCount,
      size: expect.any(Number),
      unpackedSize: expect.any(Number),
      integrity: expect.stringMatching(/^sha512-/),
    })),
  });
  for (const { tarball, size, integrity } of manifest.packages) {
    expect({
      size: statSync(join(path, tarball)).size,
      integrity: await integrityOf(join(path, tarball)),
    }).toEqual({ size, integrity });
  }
  expect(readRelease(path).manifest).toEqual(manifest);
});

test("keeps executable bits in the tarballs", async () => {
  await using folder = await temporaryFolder();
  const { path, manifest } = await stagedRelease(folder.path, { platforms: "win32-x64" });
  const [platform] = manifest.packages;
  const entries = await listTarball(join(path, platform?.tarball ?? ""));
  const programs = entries.filter(({ path: name }) => name.endsWith(".exe"));
  expect(programs.map(({ mode }) => mode.toString(8))).toEqual(["755", "755"]);
});

test("stages the same tarballs twice", async () => {
  await using first = await temporaryFolder();
  await using second = await temporaryFolder();
  const integrities = [first, second].map(async ({ path }) =>
    (await stagedRelease(path)).manifest.packages.map(({ integrity }) => integrity),
  );
  const [left, right] = await Promise.all(integrities);
  expect(left).toEqual(right);
});

test("takes runtimes that were staged before, as folders or as tarballs", async () => {
  await using folder = await temporaryFolder();
  const { path, manifest } = await stagedRelease(folder.path);
  const repository = await fixtureRepository(join(folder.path, "checkout"));
  const version = parseCodexVersion(FIXTURE_VERSION);
  const [mac, linux] = parsePlatforms("darwin-arm64,linux-x64");
  if (mac === undefined || linux === undefined) throw new Error("the table lacks a platform");
  const [tarball = ""] = await packFolders([join(path, "packages/codex-linux-x64")], folder.path);
  const again = await stageAll({
    repository,
    out: join(folder.path, "again"),
    version,
    platforms: [
      {
        target: mac,
        source: { kind: "staged", path: join(path, "packages/codex-darwin-arm64") },
      },
      { target: linux, source: { kind: "staged", path: tarball } },
    ],
    tools: fixtureTools(),
  });
  expect(again).toEqual(manifest);
});

describe("refuses a runtime that was staged before, and writes nothing, if", () => {
  test.each<readonly [string, (staged: string) => Promise<string>, string]>([
    [
      "its package is another platform's",
      async (staged) => staged.replace("linux-x64", "darwin-arm64"),
      `is @openai/codex-darwin-arm64 ${FIXTURE_VERSION}, not @openai/codex-linux-x64 ${FIXTURE_VERSION}`,
    ],
    [
      "its package has another version",
      async (staged) => {
        const manifest = readJsonObject(join(staged, "package.json"));
        await writeJson(join(staged, "package.json"), { ...manifest, version: "1.2.4" });
        return staged;
      },
      `is @openai/codex-linux-x64 1.2.4, not @openai/codex-linux-x64 ${FIXTURE_VERSION}`,
    ],
    [
      "its folder has no manifest",
      async (staged) => {
        await rm(join(staged, "package.json"));
        return staged;
      },
      "is not a staged runtime package. Make it with `pnpm release stage-runtime`",
    ],
    [
      "its folder has no runtime",
      async (staged) => {
        await rm(join(staged, "vendor"), { recursive: true });
        return staged;
      },
      "so it does not contain a runtime",
    ],
    [
      "a program in it is built for another platform",
      async (staged) => {
        const [file = ""] = await programsIn(staged);
        await writeFile(file, machO(0x0100000c));
        return staged;
      },
      "bin/codex cannot be part of the runtime of linux-x64: it is a Mach-O file, for darwin",
    ],
    [
      "its folder has a link that leads out of it",
      async (staged) => {
        await symlink("/etc", join(staged, "vendor", "etc"));
        return staged;
      },
      "is a symbolic link to /etc, outside the folder",
    ],
    [
      "its tarball is cut short",
      async (staged) => {
        const [tarball = ""] = await packFolders([staged], join(staged, ".."));
        await writeFile(tarball, (await readFile(tarball)).subarray(0, 200));
        return tarball;
      },
      "cannot be read as a .tar.gz",
    ],
    [
      "it is a file of another kind",
      async (staged) => join(staged, "package.json"),
      "package.json is not a folder, and not a tarball",
    ],
    [
      "it does not exist",
      async (staged) => join(staged, "..", "no-such-folder"),
      "no-such-folder does not exist. Make it with",
    ],
  ])("%s", async (_, damage, message) => {
    await using folder = await temporaryFolder();
    const { path } = await stagedRelease(folder.path);
    const repository = await fixtureRepository(join(folder.path, "checkout"));
    const from = await damage(join(path, "packages", "codex-linux-x64"));
    const target = parsePlatform("linux-x64");
    const out = join(folder.path, "out", "again");
    const error = await stageAll({
      repository,
      out,
      version: parseCodexVersion(FIXTURE_VERSION),
      platforms: [{ target, source: { kind: "staged", path: from } }],
      tools: fixtureTools(),
    }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ReleaseError);
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
    expect(String(error)).not.toContain(join(folder.path, "out"));
    expect(await readdir(join(folder.path, "out"))).toEqual([]);
  });
});

test("leaves an earlier release as it was if the next one cannot be staged", async () => {
  await using folder = await temporaryFolder();
  const { path, manifest, checkout } = await stagedRelease(folder.path);
  const failing = stageAll({
    repository: openRepository(checkout),
    out: path,
    version: parseCodexVersion(FIXTURE_VERSION),
    platforms: [],
    tools: { ...fixtureTools(), build: async () => Promise.reject(new Error("does not compile")) },
  });
  await expect(failing).rejects.toThrow("does not compile");
  expect(readRelease(path).manifest).toEqual(manifest);
});

async function programsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(({ name }) => name === "codex")
    .map(({ parentPath, name }) => join(parentPath, name));
}
