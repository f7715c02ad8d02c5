import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { parsePlatform } from "../../src/platforms.js";
import { runCommand } from "../../src/runCommand.js";
import { systemErrorOf } from "../../src/systemError.js";
import { fixtureRepository } from "../support/fixtureRepository.js";
import { writeCodexPackage } from "../support/standIns.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { BUNDLE, runTool } from "../support/tool.js";

const isRoot = process.getuid?.() === 0;
const linux = parsePlatform("linux-x64");

/** Arguments that stage a runtime, or all of a release, to `out`. */
async function stagingArguments(root: string, out: string): Promise<readonly string[]> {
  const { root: checkout } = await fixtureRepository(join(root, "checkout"));
  const built = await writeCodexPackage(join(root, "built"), linux, "1.2.3");
  const version = ["--codex-version", "1.2.3", "--repository", checkout];
  return ["stage-runtime", out, ...version, "--platform", "linux-x64", "--package", built];
}

/** Returns the expected output of a run that fails for one reason. */
function oneLine(reason: string): unknown {
  return {
    exitCode: 1,
    stdout: "",
    stderr: expect.stringMatching(new RegExp(`^error: [^\\n]*${reason}[^\\n]*\\n$`)),
  };
}

test("an output path that is a file is refused in one line, and the file stays", async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, "out");
  await writeFile(out, "mine");
  const run = await runTool(...(await stagingArguments(folder.path, out)));
  expect(run).toEqual(oneLine("out is a file"));
  expect(await readFile(out, "utf8")).toBe("mine");
});

test("an output path below a file is refused in one line", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "file"), "mine");
  const out = join(folder.path, "file", "out");
  const run = await runTool(...(await stagingArguments(folder.path, out)));
  expect(run).toEqual(oneLine("(ENOTDIR|EEXIST)"));
});

test.skipIf(process.platform === "win32")(
  "an output folder without rights is refused in one line, and nothing is left",
  async () => {
    await using folder = await temporaryFolder();
    const locked = join(folder.path, "locked");
    await mkdir(locked);
    const args = await stagingArguments(folder.path, join(locked, "out"));
    await chmod(locked, 0o555);
    await chmod(folder.path, 0o755);
    // Root may write everywhere, so there the tool runs as another user.
    const user = isRoot ? ["setpriv", "--reuid=65534", "--clear-groups"] : [];
    const [file = "", ...rest] = [...user, process.execPath, BUNDLE, ...args];
    const run = await runCommand([file, ...rest], { env: { HOME: folder.path } });
    expect(run).toEqual(oneLine("permission denied.*EACCES"));
    await chmod(locked, 0o755);
    expect(await readdir(locked)).toEqual([]);
  },
);

test.runIf(process.platform === "linux" && isRoot)(
  "a full disk is reported in one line, and nothing is left",
  async () => {
    await using folder = await temporaryFolder();
    const disk = join(folder.path, "disk");
    await mkdir(disk);
    const mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk] as const;
    // A container may not be allowed to mount.
    if ((await runCommand(mount)).exitCode !== 0) return;
    try {
      const args = await stagingArguments(folder.path, join(disk, "out"));
      await writeFile(join(folder.path, "built", "codex-resources.bin"), Buffer.alloc(200_000));
      expect(await runTool(...args)).toEqual(oneLine("no space is left on the disk.*ENOSPC"));
      expect(await readdir(disk)).toEqual([]);
    } finally {
      await runCommand(["umount", disk]);
    }
  },
);

test("an error of the operating system is found behind others, and no other error is one", () => {
  const cause = Object.assign(new Error("x"), { code: "ENOSPC", syscall: "write" });
  const found = systemErrorOf(new Error("outer", { cause }));
  expect(found?.message).toMatch(/^no space is left on the disk.* \(ENOSPC, write\)\.$/);
  const unknown = Object.assign(new Error("EWEIRD: odd"), {
    code: "EWEIRD",
    syscall: "open",
    path: "/x",
  });
  expect(systemErrorOf(unknown)?.message).toBe("/x: EWEIRD: odd (EWEIRD, open).");
  const copy = { syscall: "copyfile", path: "/from", dest: "/to" };
  const full = Object.assign(new Error("x"), copy, { code: "ENOSPC" });
  expect(systemErrorOf(full)?.message).toMatch(/^\/to: no space is left/);
  const denied = Object.assign(new Error("x"), copy, { code: "EACCES" });
  expect(systemErrorOf(denied)?.message).toMatch(/^\/from: permission denied/);
  expect(systemErrorOf(new TypeError("fault of this tool"))).toBeNull();
});
