import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { describe, expect, test } from "vitest";

import { npmCommand, pnpmCommand, reasonIn, runOrThrow } from "../../src/runCommand.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

async function file(...parts: readonly string[]): Promise<string> {
  const path = join(...parts);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "");
  return path;
}

describe("on Windows", () => {
  test.each([
    ["a module of pnpm 12", ["node_modules", "pnpm", "bin", "pnpm.mjs"]],
    ["the script of an older pnpm", ["node_modules", "pnpm", "bin", "pnpm.cjs"]],
    ["corepack's script", ["node_modules", "corepack", "dist", "pnpm.js"]],
  ])("pnpm is started through %s, never through the .cmd file", async (_, parts) => {
    await using folder = await temporaryFolder();
    await file(folder.path, "pnpm.cmd");
    const script = await file(folder.path, ...parts);
    const path = `${join(folder.path, "empty")};${folder.path}`;
    expect(pnpmCommand({ platform: "win32", path })).toEqual([process.execPath, script]);
  });

  test("pnpm.exe is started directly", async () => {
    await using folder = await temporaryFolder();
    const program = await file(folder.path, "pnpm.exe");
    expect(pnpmCommand({ platform: "win32", path: folder.path })).toEqual([program]);
  });

  test("a locally installed npm is found beside its folder .bin", async () => {
    await using folder = await temporaryFolder();
    const bin = dirname(await file(folder.path, "node_modules", ".bin", "npm.cmd"));
    const script = await file(folder.path, "node_modules", "npm", "bin", "npm-cli.js");
    expect(npmCommand({ platform: "win32", path: bin })).toEqual([process.execPath, script]);
  });

  test("a command that is not on the PATH is named in the error", () => {
    expect(() => npmCommand({ platform: "win32", path: "C:\\nowhere" })).toThrow(
      "There is no npm on the PATH",
    );
  });
});

test("pnpm is started as the program that runs this process, by Node if that is a script", () => {
  const host = { platform: "linux", path: "" } as const;
  expect(pnpmCommand({ ...host, running: "/opt/pnpm/pnpm" })).toEqual(["/opt/pnpm/pnpm"]);
  const script = "/opt/pnpm/bin/pnpm.mjs";
  expect(pnpmCommand({ ...host, running: script })).toEqual([process.execPath, script]);
  expect(pnpmCommand({ ...host, running: "/pnpm/npm/npm-cli.js" })).toEqual(["pnpm"]);
});

test("the reason of npm's failure is its first error, not the notices before it", () => {
  const stderr = [
    "npm warn Unknown env config",
    "npm notice package: x@1.0.0",
    "npm error code E403",
    "npm error 403 Forbidden - PUT - You cannot publish over the previously published versions",
    "npm error A complete log of this run can be found in: x.log",
  ].join("\n");
  expect(reasonIn(stderr)).toMatch(/^403 Forbidden - PUT - You cannot publish over/);
  expect(reasonIn("npm notice x\n")).toBeNull();
});

test("the first line of a failed command's error is the command, its status and the reason", async () => {
  const script =
    'console.error("npm notice hello\\nnpm error code E1\\nnpm error broken"); process.exit(3)';
  const failing = runOrThrow([process.execPath, "-e", script]);
  await expect(failing).rejects.toThrow(/^[^\n]* ended with status 3: broken\n/);
});
