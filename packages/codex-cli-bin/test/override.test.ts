import { symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect, test } from "vitest";

import { canonicalPath } from "../src/layout.js";
import { findRuntime } from "../src/resolve.js";
import {
  hostOf,
  PIN,
  targetNamed,
  temporaryFolder,
  thrownBy,
  writePlatformPackage,
} from "./support/fixtures.js";

const linux = targetNamed("linux-x64");
const source = "the environment variable CODEX_CLI_BIN_PATH";

function hostWith(id: string, CODEX_CLI_BIN_PATH: string) {
  return hostOf(id, {}, { env: { CODEX_CLI_BIN_PATH } });
}

test("the override replaces an installed runtime, also on platforms without a build", async () => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, "my-codex");
  await writeFile(file, "", { mode: 0o755 });
  const unpackaged = {
    source: "override",
    codexPath: file,
    packageDir: null,
    pathDir: null,
    version: null,
  };
  const manifest = await writePlatformPackage(path.join(folder.path, "package"), linux);
  const installed = hostOf("linux-x64", { [linux.packageName]: manifest });
  expect([
    findRuntime(hostWith("freebsd-riscv64", file)),
    findRuntime({ ...installed, env: { CODEX_CLI_BIN_PATH: file } }),
    findRuntime(hostWith("linux-x64", path.relative(process.cwd(), file))),
  ]).toEqual([unpackaged, unpackaged, unpackaged]);
});

test("an override inside a Codex package has the folders and the version of that package, even if it is not the pinned one", async () => {
  await using folder = await temporaryFolder();
  await writePlatformPackage(folder.path, linux, { version: "0.0.1" });
  const vendor = path.join(folder.path, "vendor", linux.triple);
  const file = path.join(vendor, "bin/codex");
  expect(findRuntime(hostWith("linux-x64", file))).toEqual({
    source: "override",
    codexPath: file,
    packageDir: vendor,
    pathDir: path.join(vendor, "codex-path"),
    version: "0.0.1",
  });
});

test("an override beside the entry point of a package is not part of the package", async () => {
  await using folder = await temporaryFolder();
  await writePlatformPackage(folder.path, linux);
  const file = path.join(folder.path, "vendor", linux.triple, "bin/another");
  await writeFile(file, "", { mode: 0o755 });
  expect(findRuntime(hostWith("linux-x64", file))).toMatchObject({
    packageDir: null,
    pathDir: null,
    version: null,
  });
});

test("an empty override is ignored", async () => {
  await using folder = await temporaryFolder();
  const manifest = await writePlatformPackage(folder.path, linux);
  const host = hostOf(
    "linux-x64",
    { [linux.packageName]: manifest },
    { env: { CODEX_CLI_BIN_PATH: "" } },
  );
  expect(findRuntime(host)).toMatchObject({ source: "package", version: PIN });
});

test("a missing override is an error, even if a runtime is installed", async () => {
  await using folder = await temporaryFolder();
  const manifest = await writePlatformPackage(folder.path, linux);
  const file = path.join(folder.path, "nowhere");
  const host = hostOf(
    "linux-x64",
    { [linux.packageName]: manifest },
    { env: { CODEX_CLI_BIN_PATH: file } },
  );
  expect(thrownBy(() => findRuntime(host))).toMatchObject({
    code: "FILE_NOT_FOUND",
    problem: `${file} (from ${source}) does not exist (ENOENT).`,
    remedies: [`correct ${source}, or remove it to use the installed runtime`],
  });
});

test("an override that is a directory is reported as one", async () => {
  await using folder = await temporaryFolder();
  expect(thrownBy(() => findRuntime(hostWith("linux-x64", folder.path)))).toMatchObject({
    code: "NOT_A_FILE",
    problem: `${folder.path} (from ${source}) is a directory, not the executable.`,
  });
});

test.skipIf(process.platform === "win32")(
  "an override without the executable bit (POSIX) is reported as not executable, and not as missing",
  async () => {
    await using folder = await temporaryFolder();
    const file = path.join(folder.path, "codex");
    await writeFile(file, "", { mode: 0o644 });
    expect(thrownBy(() => findRuntime(hostWith("linux-x64", file)))).toMatchObject({
      code: "NOT_EXECUTABLE",
      problem: `${file} (from ${source}) exists, but is not executable (EACCES).`,
    });
  },
);

test.each(["codex.cmd", "codex.BAT", "codex.ps1", "codex"])(
  "on Windows an override such as %s asks for the .exe",
  async (name) => {
    await using folder = await temporaryFolder();
    const file = path.join(folder.path, name);
    await writeFile(file, "", { mode: 0o755 });
    expect(thrownBy(() => findRuntime(hostWith("win32-x64", file)))).toMatchObject({
      code: "NOT_AN_EXE",
      remedies: [
        "pass the .exe that the script starts: for Codex, codex.exe in the vendor folder of the platform package",
      ],
    });
  },
);

test("on Windows an .exe is accepted", async () => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, "Codex.EXE");
  await writeFile(file, "", { mode: 0o755 });
  expect(findRuntime(hostWith("win32-arm64", file)).codexPath).toBe(file);
});

test("an override by another spelling of its path has the folders of its package", async () => {
  await using folder = await temporaryFolder();
  await writePlatformPackage(folder.path, linux);
  const link = path.join(folder.path, "link");
  await symlink(path.join(folder.path, "vendor"), link, "junction");
  const file = path.join(link, linux.triple, "bin/codex");
  expect(findRuntime(hostWith("linux-x64", file))).toMatchObject({ codexPath: file, version: PIN });
});

test("a path is resolved by the first resolver that succeeds, and stays as it is if none does", () => {
  const fails = (): string => {
    throw new Error("EISDIR: illegal operation on a directory, lstat '\\\\?\\'");
  };
  expect([
    canonicalPath("/x", [() => "/native", fails]),
    canonicalPath("/x", [fails, () => "/fallback"]),
    canonicalPath("/x", [fails, fails]),
  ]).toEqual(["/native", "/fallback", path.resolve("/x")]);
});
