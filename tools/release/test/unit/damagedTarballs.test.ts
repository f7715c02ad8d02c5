import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

import { create, Header } from "tar";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openRepository } from "../../src/repository.js";
import { checkTarballs, verifyRelease } from "../../src/verify/verifyRelease.js";
import { type StagedRelease, stagedRelease } from "../support/stagedRelease.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporaryFolder.js";

const LINUX = "@openai/codex-linux-x64";

describe("in a release with a tarball", () => {
  let folder: TemporaryFolder;
  let release: StagedRelease;
  let tarball = "";
  let good: Buffer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    release = await stagedRelease(folder.path, { platforms: "linux-x64" });
    const staged = release.manifest.packages.find(({ name }) => name === LINUX);
    tarball = join(release.path, staged?.tarball ?? "");
    good = await readFile(tarball);
  });
  afterAll(async () => folder[Symbol.asyncDispose]());

  /** Problems of the platform package, without the one that its hash is another one. */
  async function problems(): Promise<readonly string[]> {
    const findings = await checkTarballs({ release: release.path });
    return findings
      .filter(({ package: name, problem }) => name === LINUX && !problem.includes("sha512-"))
      .map(({ problem }) => problem);
  }

  test.each([
    ["that is missing", null],
    ["that is empty", ""],
    ["that is a page of a proxy", "<!doctype html>"],
    ["that is cut short", "cut"],
  ])("%s, the tarball is a finding and the rest is checked", async (_, content) => {
    if (content === null) await rm(tarball);
    else await writeFile(tarball, content === "cut" ? good.subarray(0, 300) : content);
    const repository = openRepository(release.checkout);
    const findings = await verifyRelease({ release: release.path, repository });
    expect(findings.filter(({ package: name }) => name === LINUX)).toContainEqual({
      package: LINUX,
      severity: "error",
      problem: expect.stringMatching(/^cannot be read: [^\n]+$/),
    });
  });

  test.each([
    ["a path twice", { path: "package/README.md" }, "beside"],
    [
      "a link",
      { path: "package/link", type: "SymbolicLink", linkpath: "/etc" },
      "not a plain file",
    ],
    ["a sparse file", { path: "package/sparse", type: "SparseFile" }, "of the type SparseFile"],
    ["a program that runs as another user", { path: "package/s", mode: 0o4755 }, "mode 4755"],
  ] as const)("that has %s, the entry is a finding", async (_, entry, expected) => {
    const header = new Header({ mode: 0o644, size: 0, mtime: new Date(0), type: "File", ...entry });
    header.encode();
    const block = header.block ?? Buffer.alloc(0);
    await writeFile(tarball, gzipSync(Buffer.concat([block, gunzipSync(good)])));
    expect(await problems()).toContainEqual(expect.stringContaining(expected));
  });

  test("without ripgrep, the missing program is a finding", async () => {
    const cwd = join(release.path, "packages/codex-linux-x64");
    await rm(join(cwd, "vendor/x86_64-unknown-linux-musl/codex-path/rg"));
    await chmod(join(cwd, "vendor/x86_64-unknown-linux-musl/bin/codex"), 0o755);
    const paths = ["package.json", "LICENSE", "README.md", "THIRD-PARTY-NOTICES.md", "vendor"];
    await create({ file: tarball, cwd, gzip: true, prefix: "package" }, paths);
    expect(await problems()).toContainEqual(
      "has no program vendor/x86_64-unknown-linux-musl/codex-path/rg",
    );
  });
});
