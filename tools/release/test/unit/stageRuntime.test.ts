import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { create } from "tar";
import { describe, expect, test } from "vitest";

import { readJsonObject } from "../../src/json.js";
import { parsePlatform, runsHere, targets } from "../../src/platforms.js";
import { STAGING_MARKER } from "../../src/replaceFolder.js";
import type { RuntimeSource } from "../../src/runtime/runtimeSource.js";
import { stageRuntime } from "../../src/runtime/stageRuntime.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { fixtureRepository } from "../support/fixtureRepository.js";
import { standInExecutable, writeCodexPackage } from "../support/standIns.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

const version = parseCodexVersion("1.2.3");
const linux = parsePlatform("linux-x64");

/** A checkout and a place to stage to. */
async function workshop() {
  const folder = await temporaryFolder();
  const repository = await fixtureRepository(join(folder.path, "checkout"));
  const out = join(folder.path, "out", "staged");
  const at = (name: string): string => join(folder.path, name);
  const stage = async (source: RuntimeSource, target = linux, asksVersion = false): Promise<void> =>
    stageRuntime({ repository, out, version, target, source, asksVersion });
  return { at, out, stage, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

async function filesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== STAGING_MARKER)
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return [
        path.slice(folder.length + 1),
        ((await stat(path)).mode & 0o777).toString(8),
      ] as const;
    });
  return Object.fromEntries((await Promise.all(files)).toSorted());
}

describe("stageRuntime", () => {
  test.each(targets)("stages the package of $id from a Codex package", async (target) => {
    await using shop = await workshop();
    const path = await writeCodexPackage(shop.at("built"), target, version.npm);
    await shop.stage({ kind: "package", path }, target);
    const suffix = target.os === "win32" ? ".exe" : "";
    const vendor = `vendor/${target.triple}`;
    expect(await filesIn(shop.out)).toEqual({
      LICENSE: "644",
      "README.md": "644",
      "THIRD-PARTY-NOTICES.md": "644",
      "package.json": "644",
      [`${vendor}/bin/codex${suffix}`]: "755",
      [`${vendor}/codex-package.json`]: "644",
      [`${vendor}/codex-path/rg${suffix}`]: "755",
    });
    expect(readJsonObject(join(shop.out, "package.json"))).toEqual({
      name: target.packageName,
      version: "1.2.3",
      description: `The Codex runtime for ${target.os} on ${target.cpu}.`,
      license: "Apache-2.0",
      repository: { type: "git", url: "git+https://github.com/openai/codex.git" },
      engines: { node: ">=20.19.0" },
      os: [target.os],
      cpu: [target.cpu],
      files: ["vendor", "THIRD-PARTY-NOTICES.md"],
      preferUnplugged: true,
      publishConfig: { access: "public" },
    });
  });

  test("names the terms of the programs and libraries that a runtime brings", async () => {
    await using shop = await workshop();
    const path = await writeCodexPackage(shop.at("built"), linux, version.npm);
    const licences = join(path, "codex-resources", "voice", "licenses");
    await mkdir(licences, { recursive: true });
    await writeFile(join(licences, "Opus.txt"), "terms");
    await shop.stage({ kind: "package", path });
    const notices = await readFile(join(shop.out, "THIRD-PARTY-NOTICES.md"), "utf8");
    const vendor = `vendor/${linux.triple}`;
    expect(notices).toContain(`- \`${vendor}/codex-path/rg\` is [ripgrep]`);
    expect(notices).toContain(`(${vendor}/codex-resources/voice/licenses/Opus.txt)`);
    expect(notices).not.toContain("bubblewrap");
  });

  test("lays out a package around a binary and its resources", async () => {
    await using shop = await workshop();
    const program = standInExecutable(linux, version.npm);
    await mkdir(shop.at("voice"));
    await writeFile(join(shop.at("voice"), "voice.json"), "{}");
    const names = ["codex-x86_64", "rg", "bwrap", "codex-code-mode-host"];
    for (const name of names) await writeFile(shop.at(name), program);
    const resources = ["rg", "bwrap", "codex-code-mode-host", "voice"].map(shop.at);
    await shop.stage({ kind: "binary", path: shop.at("codex-x86_64"), resources });
    const vendor = `vendor/${linux.triple}`;
    expect(Object.keys(await filesIn(shop.out)).filter((path) => path.startsWith(vendor))).toEqual([
      `${vendor}/bin/codex`,
      `${vendor}/bin/codex-code-mode-host`,
      `${vendor}/codex-package.json`,
      `${vendor}/codex-path/rg`,
      `${vendor}/codex-resources/bwrap`,
      `${vendor}/codex-resources/voice/voice.json`,
    ]);
    expect(readJsonObject(join(shop.out, vendor, "codex-package.json"))).toEqual({
      layoutVersion: 1,
      version: "1.2.3",
      target: linux.triple,
      variant: "codex",
      entrypoint: "bin/codex",
      resourcesDir: "codex-resources",
      pathDir: "codex-path",
    });
  });

  test("gives programs the executable bits that an artifact store took", async () => {
    await using shop = await workshop();
    const path = await writeCodexPackage(shop.at("built"), linux, version.npm);
    await chmod(join(path, "bin", "codex"), 0o644);
    await shop.stage({ kind: "package", path });
    expect((await filesIn(shop.out))[`vendor/${linux.triple}/bin/codex`]).toBe("755");
  });

  test("takes the npm package of a platform, as a folder or as a tarball", async () => {
    await using shop = await workshop();
    const vendor = join(shop.at("npm"), "package", "vendor");
    await writeCodexPackage(join(vendor, linux.triple), linux, version.npm);
    await create({ file: shop.at("npm.tgz"), cwd: shop.at("npm"), gzip: true }, ["package"]);
    await shop.stage({ kind: "package", path: join(shop.at("npm"), "package") });
    const fromFolder = await filesIn(shop.out);
    await shop.stage({ kind: "package", path: shop.at("npm.tgz") });
    expect(await filesIn(shop.out)).toEqual(fromFolder);
  });

  test("turns the layout of old runtimes into the present one", async () => {
    await using shop = await workshop();
    const old = join(shop.at("old"), "vendor", linux.triple);
    await mkdir(join(old, "codex"), { recursive: true });
    await mkdir(join(old, "path"));
    const program = standInExecutable(linux, version.npm);
    await writeFile(join(old, "codex", "codex"), program);
    await writeFile(join(old, "path", "rg"), program);
    await shop.stage({ kind: "package", path: shop.at("old") });
    expect(
      Object.keys(await filesIn(shop.out)).filter((path) => path.startsWith("vendor")),
    ).toEqual([
      `vendor/${linux.triple}/bin/codex`,
      `vendor/${linux.triple}/codex-package.json`,
      `vendor/${linux.triple}/codex-path/rg`,
    ]);
  });

  const isRunnable = runsHere(linux);
  test.runIf(isRunnable)("asks a runtime that this machine can run for its version", async () => {
    await using shop = await workshop();
    await writeFile(shop.at("rg"), standInExecutable(linux, "14"));
    const source = { kind: "binary", path: shop.at("codex"), resources: [shop.at("rg")] } as const;
    await writeFile(shop.at("codex"), standInExecutable(linux, "1.2.3"));
    await shop.stage(source, linux, true);
    await writeFile(shop.at("codex"), standInExecutable(linux, "1.2.4"));
    await expect(shop.stage(source, linux, true)).rejects.toMatchObject({
      code: "VERSION_MISMATCH",
      message: expect.stringContaining(
        '--version prints "codex-cli 1.2.4", but 1.2.3 is to be staged',
      ),
    });
  });
});
