import { spawnSync } from "node:child_process";
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { create, Header } from "tar";
import { expect, test } from "vitest";

import { parsePlatform } from "../../src/platforms.js";
import { stageRuntime } from "../../src/runtime/stageRuntime.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { fixtureRepository } from "../support/fixtureRepository.js";
import { elfHeader, pe, standInExecutable, writeCodexPackage } from "../support/standIns.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

const version = parseCodexVersion("1.2.3");
const linux = parsePlatform("linux-x64");
const isWindows = process.platform === "win32";

/** A Codex package, and a place to stage it to. */
async function workshop() {
  const folder = await temporaryFolder();
  const repository = await fixtureRepository(join(folder.path, "checkout"));
  const built = await writeCodexPackage(join(folder.path, "built"), linux, "1.2.3");
  const out = join(folder.path, "out", "staged");
  const stage = async (path: string): Promise<void> =>
    stageRuntime({
      repository,
      out,
      version,
      target: linux,
      source: { kind: "package", path },
      asksVersion: false,
    });
  return {
    ...folder,
    repository,
    built,
    stage,
    leftovers: async () => readdir(join(folder.path, "out")),
  };
}

const ONE_LINE = /^[^\n]+$/;

test.each([
  ["a symbolic link", { path: "bin/link", type: "SymbolicLink", linkpath: "/etc/passwd" }],
  ["a hard link", { path: "bin/link", type: "Link", linkpath: "bin/codex" }],
  ["a pipe", { path: "bin/pipe", type: "FIFO" }],
  ["a character device", { path: "bin/null", type: "CharacterDevice" }],
  ["a block device", { path: "bin/disk", type: "BlockDevice" }],
  ["an absolute path", { path: "/tmp/absolute", type: "File" }],
  ["an absolute path of Windows", { path: "C:/absolute", type: "File" }],
  ["a path to the parent", { path: "../outside", type: "File" }],
  ["a path to the parent within", { path: "bin/../../outside", type: "File" }],
  ["a path to the parent with backslashes", { path: "bin\\..\\outside", type: "File" }],
  ["a path that differs from another in letter case only", { path: "bin/CODEX", type: "File" }],
  ["a folder that differs from another in letter case only", { path: "Bin/x", type: "File" }],
  ["a file where another has a folder", { path: "bin", type: "File" }],
  ["a path that is there twice", { path: "bin/codex", type: "File" }],
  ["a device name of Windows", { path: "codex-resources/aux.txt", type: "File" }],
  ["a piece of a sparse file", { path: "bin/GNUSparseFile.0/codex", type: "File" }],
  ["a file of a type that tar does not unpack", { path: "bin/sparse", type: "SparseFile" }],
] as const)("an archive with %s is refused in one line, and nothing is left", async (_, entry) => {
  await using shop = await workshop();
  const file = join(shop.path, "codex.tar");
  await create({ file, cwd: shop.built }, await readdir(shop.built));
  const plain = new Header({ mode: 0o644, size: 0, mtime: new Date(0), ...entry });
  plain.encode();
  if (plain.block === undefined) throw new Error("the header was not encoded");
  // In front of the files: two empty blocks end an archive.
  const archive = join(shop.path, "codex.tar.gz");
  await writeFile(archive, gzipSync(Buffer.concat([plain.block, await readFile(file)])));

  await expect(shop.stage(archive)).rejects.toMatchObject({
    code: "INVALID_PACKAGE",
    message: expect.stringMatching(ONE_LINE),
  });
  await expect(shop.stage(archive)).rejects.toThrow(JSON.stringify(entry.path));
  expect(await shop.leftovers()).toEqual([]);
  expect((await readdir(shop.path)).toSorted()).toEqual([
    "built",
    "checkout",
    "codex.tar",
    "codex.tar.gz",
    "out",
  ]);
});

test("an archive's modes are not kept: no file is unreadable, or runs as another user", async () => {
  await using shop = await workshop();
  const bin = join(shop.built, "bin");
  await chmod(join(bin, "codex"), 0o6755);
  await chmod(join(shop.built, "codex-package.json"), 0o200);
  const archive = join(shop.path, "codex.tar.gz");
  await create({ file: archive, cwd: shop.built, gzip: true }, await readdir(shop.built));
  for (const source of [archive, shop.built]) {
    await shop.stage(source);
    const staged = join(shop.path, "out", "staged", "vendor", linux.triple);
    expect((await stat(join(staged, "bin", "codex"))).mode & 0o7777).toBe(0o755);
    expect((await stat(join(staged, "codex-package.json"))).mode & 0o7777).toBe(0o644);
  }
});

test.runIf(process.platform === "linux")(
  "a folder with a name that not every system can have is refused, and nothing is left",
  async () => {
    for (const name of ["a:b", "end. ", "CODEX-package.json", "con"]) {
      await using shop = await workshop();
      await writeFile(join(shop.built, name), "");
      await expect(shop.stage(shop.built)).rejects.toMatchObject({
        code: "INVALID_PACKAGE",
        message: expect.stringContaining(JSON.stringify(name)),
      });
      expect(await shop.leftovers()).toEqual([]);
    }
  },
);

test("a folder is not copied into itself", async () => {
  await using shop = await workshop();
  const out = join(shop.built, "staged");
  const source = { kind: "package", path: shop.built } as const;
  const { repository } = shop;
  await expect(
    stageRuntime({ repository, out, version, target: linux, source, asksVersion: false }),
  ).rejects.toThrow("contains the folder that is staged");
  expect((await readdir(shop.built)).toSorted()).toEqual([
    "bin",
    "codex-package.json",
    "codex-path",
  ]);
});

test.each([
  ["is missing", null, "INVALID_PACKAGE", "has no codex-path/rg, which every runtime needs"],
  ["is empty", "", "INVALID_BINARY", "codex-path/rg cannot be part of the runtime"],
  ["is a script", "#!/bin/sh\n", "INVALID_BINARY", "codex-path/rg cannot be part of the runtime"],
])(
  "a package whose ripgrep %s is refused, and nothing is left",
  async (_, content, code, reason) => {
    await using shop = await workshop();
    const rg = join(shop.built, "codex-path", "rg");
    await (content === null ? rm(rg) : writeFile(rg, content));
    const refusal = shop.stage(shop.built);
    await expect(refusal).rejects.toMatchObject({ code });
    await expect(refusal).rejects.toThrow(reason);
    // The folder that was built in is gone; the message names the one that it was to be.
    await expect(refusal).rejects.toThrow(join(shop.path, "out", "staged", "vendor"));
    expect(await shop.leftovers()).toEqual([]);
  },
);

test.each([
  ["a link to a file outside", "../secret", "outside the folder"],
  ["a link to a neighbour of the same prefix", "../built-secret", "outside the folder"],
  ["a link that leads nowhere", "nowhere", "leads nowhere"],
  ["a link to itself", "link", "leads nowhere"],
  ["a link to a folder", "bin", "to a folder"],
])("a folder with %s is refused in one line, and nothing is left", async (_, target, reason) => {
  await using shop = await workshop();
  await writeFile(join(shop.path, "secret"), "secret");
  await writeFile(join(shop.path, "built-secret"), "secret");
  await symlink(target, join(shop.built, "link"));
  await expect(shop.stage(shop.built)).rejects.toMatchObject({
    code: "INVALID_PACKAGE",
    message: expect.stringMatching(new RegExp(`^[^\\n]*${reason}[^\\n]*$`)),
  });
  expect(await shop.leftovers()).toEqual([]);
});

test("a link to a file of the same folder becomes a copy of the file", async () => {
  await using shop = await workshop();
  await rename(join(shop.built, "bin", "codex"), join(shop.built, "bin", "codex-real"));
  await symlink("codex-real", join(shop.built, "bin", "codex"));
  await shop.stage(shop.built);
  const bin = join(shop.path, "out", "staged", "vendor", linux.triple, "bin");
  const entries = await readdir(bin, { withFileTypes: true });
  expect(entries.map((entry) => [entry.name, entry.isFile()]).toSorted()).toEqual([
    ["codex", true],
    ["codex-real", true],
  ]);
});

test.skipIf(isWindows)(
  "a folder with a pipe or a socket is refused and not waited for",
  async () => {
    await using shop = await workshop();
    spawnSync("mkfifo", [join(shop.built, "pipe")]);
    await expect(shop.stage(shop.built)).rejects.toThrow("pipe is a pipe, socket or device");
    await using other = await workshop();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(other.built, "s"), resolve));
    try {
      await expect(other.stage(other.built)).rejects.toThrow("s is a pipe, socket or device");
    } finally {
      server.close();
    }
  },
);

test.each([
  [
    "ripgrep of another system",
    "codex-path/rg",
    standInExecutable(parsePlatform("darwin-arm64"), "1"),
  ],
  ["a sandbox helper of another architecture", "codex-resources/bwrap", elfHeader(183)],
  ["a library of another system", "codex-resources/voice/lib/x.dll", pe(0x8664, 0x2022)],
  ["a library of another architecture", "codex-resources/voice/lib/x.so", elfHeader(183, 3)],
])("a package with %s is refused, and the file is named", async (_, path, content) => {
  await using shop = await workshop();
  await mkdir(join(shop.built, path, ".."), { recursive: true });
  await writeFile(join(shop.built, path), content);
  await expect(shop.stage(shop.built)).rejects.toMatchObject({
    code: "INVALID_BINARY",
    message: expect.stringMatching(
      new RegExp(`${path} cannot be part of the runtime of linux-x64: [^\\n]*$`),
    ),
  });
  expect(await shop.leftovers()).toEqual([]);
});
