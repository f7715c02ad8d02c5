import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { integrityOf } from "../../src/integrity.js";
import { packFolders } from "../../src/packFolder.js";
import { parsePlatforms } from "../../src/platforms.js";
import { readRelease } from "../../src/releaseManifest.js";
import { stageAll } from "../../src/stage/stageAll.js";
import { listTarball } from "../../src/tarball.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { FIXTURE_VERSION, fixtureRepository, fixtureTools } from "../support/fixtureRepository.js";
import { stagedRelease } from "../support/stagedRelease.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

test("stages folders and tarballs, with a manifest that describes them", async () => {
  await using folder = await temporaryFolder();
  const { path, manifest } = await stagedRelease(folder.path);
  expect(manifest).toEqual({
    version: FIXTURE_VERSION,
    tag: `rust-v${FIXTURE_VERSION}`,
    typesVersion: FIXTURE_VERSION,
    packages: [
      ["platform", "codex-darwin-arm64", 6],
      ["platform", "codex-linux-x64", 6],
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

test("writes nothing when a part cannot be staged", async () => {
  await using folder = await temporaryFolder();
  const { path } = await stagedRelease(folder.path);
  const repository = await fixtureRepository(join(folder.path, "checkout"));
  const out = join(folder.path, "again");
  const [target] = parsePlatforms("linux-arm64");
  if (target === undefined) throw new Error("the table lacks a platform");
  const source = { kind: "staged", path: join(path, "packages/codex-linux-x64") } as const;
  const version = parseCodexVersion(FIXTURE_VERSION);
  await expect(
    stageAll({ repository, out, version, platforms: [{ target, source }], tools: fixtureTools() }),
  ).rejects.toThrow(`is @openai/codex-linux-x64 ${FIXTURE_VERSION}, not @openai/codex-linux-arm64`);
  expect(existsSync(out)).toBe(false);
});
