import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect, test } from "vitest";

import { explainSpawnError } from "../src/executable.js";
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

test("the override is taken in place of an installed runtime, on platforms without a build too", async () => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, "my-codex");
  await writeFile(file, "", { mode: 0o755 });
  const alone = {
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
  ]).toEqual([alone, alone, alone]);
});

test("an override that lies in a Codex package brings its folders and its version, whatever the pin", async () => {
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

test("an override that merely lies beside a package's entry point stands alone", async () => {
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

test("an empty override counts as none", async () => {
  await using folder = await temporaryFolder();
  const manifest = await writePlatformPackage(folder.path, linux);
  const host = hostOf(
    "linux-x64",
    { [linux.packageName]: manifest },
    { env: { CODEX_CLI_BIN_PATH: "" } },
  );
  expect(findRuntime(host)).toMatchObject({ source: "package", version: PIN });
});

test("an override that is missing is an error, though a runtime is installed", async () => {
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
    mend: [`correct ${source}, or take it away to use the installed runtime`],
  });
});

test("an override that is a directory is called one", async () => {
  await using folder = await temporaryFolder();
  expect(thrownBy(() => findRuntime(hostWith("linux-x64", folder.path)))).toMatchObject({
    code: "NOT_A_FILE",
    problem: `${folder.path} (from ${source}) is a directory, not the Codex executable.`,
  });
});

test.skipIf(process.platform === "win32")(
  "an override without the executable bit (a POSIX notion) is told from a missing one",
  async () => {
    await using folder = await temporaryFolder();
    const file = path.join(folder.path, "codex");
    await writeFile(file, "", { mode: 0o644 });
    expect(thrownBy(() => findRuntime(hostWith("linux-x64", file)))).toMatchObject({
      code: "NOT_EXECUTABLE",
      problem: `${file} (from ${source}) is there, but not executable (EACCES).`,
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
      mend: [
        "pass the .exe that the script starts: codex.exe, in the platform package's vendor folder",
      ],
    });
  },
);

test("on Windows an .exe is taken", async () => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, "Codex.EXE");
  await writeFile(file, "", { mode: 0o755 });
  expect(findRuntime(hostWith("win32-arm64", file)).codexPath).toBe(file);
});

test("a failed spawn of a file that is there and executable points to interpreter, libc and architecture", async () => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, "codex");
  await writeFile(file, "#!/no/such/interpreter\n", { mode: 0o755 });
  const cause = Object.assign(new Error("spawn ENOENT"), { code: "ENOENT" });
  expect(explainSpawnError(file, "the option codexPath", cause, "linux")).toMatchObject({
    code: "CANNOT_EXECUTE",
    problem: `${file} (from the option codexPath) exists, but could not be executed (ENOENT).`,
    causes: [
      expect.stringContaining("interpreter"),
      expect.stringContaining("libc"),
      expect.stringContaining("another processor"),
    ],
    cause,
  });
});

test("a failed spawn says first what the file system shows", async () => {
  await using folder = await temporaryFolder();
  const directory = path.join(folder.path, "directory");
  await mkdir(directory);
  const executable = path.join(folder.path, "codex");
  await writeFile(executable, "", { mode: 0o755 });
  const denied = Object.assign(new Error("spawn EACCES"), { code: "EACCES" });
  expect([
    explainSpawnError(path.join(folder.path, "nowhere"), "a test", denied, "linux").code,
    explainSpawnError(directory, "a test", denied, "linux").code,
    explainSpawnError(executable, "a test", denied, "linux").code,
  ]).toEqual(["FILE_NOT_FOUND", "NOT_A_FILE", "NOT_EXECUTABLE"]);
});
