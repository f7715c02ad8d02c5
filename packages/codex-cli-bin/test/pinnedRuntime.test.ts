// The real runtime, as the checkout's root manifest brings it.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import {
  codexPackageDir,
  codexPath,
  codexPathDir,
  diagnose,
  pinnedRuntimeVersion,
  runtimeVersion,
} from "../src/index.js";
import { temporaryFolder } from "./support/fixtures.js";
import {
  buildPackage,
  installCommand,
  start,
  thisTarget,
  versionOfThisPackage,
} from "./support/installation.js";

test("the pinned runtime of this machine is found, and is the version of this package", async () => {
  const packageDir = codexPackageDir() ?? "";
  expect(path.basename(packageDir)).toBe(thisTarget().triple);
  expect([codexPath(), codexPathDir(), runtimeVersion(), pinnedRuntimeVersion()]).toEqual([
    path.join(packageDir, "bin", thisTarget().executable),
    path.join(packageDir, "codex-path"),
    await versionOfThisPackage(),
    await versionOfThisPackage(),
  ]);
  expect(diagnose().outcome).toMatchObject({ kind: "found", isPinnedVersion: true });
});

test("the tools' folder contains rg", () => {
  const name = process.platform === "win32" ? "rg.exe" : "rg";
  expect(existsSync(path.join(codexPathDir() ?? "", name))).toBe(true);
});

test("the runtime prints its version, started directly and through the command", async () => {
  await using folder = await temporaryFolder();
  const modules = path.join(folder.path, "node_modules");
  await buildPackage(path.join(modules, "@openai/codex-cli-bin"));
  const direct = await promisify(execFile)(codexPath(), ["--version"]);
  const bin = await start(await installCommand(modules), ["--version"], {
    CODEX_CLI_BIN_PATH: codexPath(),
  }).ended;
  const stdout = `codex-cli ${await versionOfThisPackage()}\n`;
  // stderr is not compared: the runtime may warn there, for example of a home below the temporary folder.
  expect([direct, bin]).toMatchObject([{ stdout }, { status: 0, signal: null, stdout }]);
});
