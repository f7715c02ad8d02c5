import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect, test } from "vitest";

import {
  checkExecutable,
  checkWorkingDirectory,
  explainSpawnError,
  type StartConditions,
} from "../src/executable.js";
import { temporaryFolder, thrownBy } from "./support/fixtures.js";

const isWindows = process.platform === "win32";

function spawnError(code: string): Error {
  return Object.assign(new Error(`spawn ${code}`), { code });
}

function explain(
  file: string,
  errno: string,
  conditions: StartConditions = {},
  platform = "linux",
) {
  return explainSpawnError(file, "the option launchArgs", spawnError(errno), platform, conditions);
}

async function executableIn(folder: string, name = "codex"): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, "", { mode: 0o755 });
  return file;
}

test("a refused start of an executable file is explained by the errno of the system", async () => {
  await using folder = await temporaryFolder();
  const file = await executableIn(folder.path);
  const codes = ["ENOENT", "ENOEXEC", "EACCES", "EPERM", "ETXTBSY", "EIO"].map((errno) => {
    const { code, problem } = explain(file, errno);
    expect(problem).toContain(
      `${file} (from the option launchArgs) could not be started (${errno})`,
    );
    return code;
  });
  expect(codes).toEqual([
    "CANNOT_EXECUTE",
    "CANNOT_EXECUTE",
    "NOT_EXECUTABLE",
    "NOT_EXECUTABLE",
    "CANNOT_EXECUTE",
    "CANNOT_EXECUTE",
  ]);
});

test("the explanation keeps the error of the system as its cause", async () => {
  await using folder = await temporaryFolder();
  const error = spawnError("ENOEXEC");
  const file = await executableIn(folder.path);
  expect(explainSpawnError(file, "a test", error, "linux").cause).toBe(error);
});

test.each(["EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "E2BIG"])(
  "%s is a failure of the system, even if the file does not exist",
  (errno) => {
    expect(explain("/no/such/file", errno).code).toBe("SYSTEM_ERROR");
  },
);

test("a file that is missing, a directory or behind a dangling link is reported before the errno", async () => {
  await using folder = await temporaryFolder();
  const link = path.join(folder.path, "link");
  await symlink(path.join(folder.path, "nowhere"), link);
  const failures = [path.join(folder.path, "nowhere"), folder.path, link].map((file) =>
    explain(file, "EACCES"),
  );
  expect(failures).toMatchObject([
    { code: "FILE_NOT_FOUND", problem: expect.stringContaining("does not exist (ENOENT)") },
    { code: "NOT_A_FILE", problem: expect.stringContaining("is a directory") },
    {
      code: "FILE_NOT_FOUND",
      problem: expect.stringContaining("is a symbolic link to a file that does not exist (ENOENT)"),
    },
  ]);
});

test("a missing working directory is the reason, and not the executable", async () => {
  await using folder = await temporaryFolder();
  const file = await executableIn(folder.path);
  const cwd = path.join(folder.path, "removed");
  expect([explain(file, "ENOENT", { cwd }), explain(file, "ENOTDIR", { cwd: file })]).toMatchObject(
    [
      {
        code: "NO_WORKING_DIRECTORY",
        problem: `${cwd} cannot be used as the working directory (ENOENT): it does not exist.`,
      },
      {
        code: "NO_WORKING_DIRECTORY",
        problem: `${file} cannot be used as the working directory: it is not a directory.`,
      },
    ],
  );
});

test("a program without a directory that is not on the PATH is reported as that", () => {
  expect(explain("no-such-program", "ENOENT", { env: { PATH: "/nowhere" } })).toMatchObject({
    code: "FILE_NOT_FOUND",
    problem:
      "no-such-program (from the option launchArgs) was not found in any directory of the PATH.",
  });
});

test("a program on the PATH, and one by a relative path, are named by their absolute path", async () => {
  await using folder = await temporaryFolder();
  const file = await executableIn(folder.path);
  const problem = expect.stringContaining(`${file} (from the option launchArgs) could not`);
  const { dir, base } = path.parse(file);
  expect([
    explain(base, "ENOEXEC", { env: { PATH: dir } }),
    explain(`./${base}`, "ENOEXEC", { cwd: dir }),
  ]).toMatchObject([{ problem }, { problem }]);
});

test.each(["codex.cmd", "codex.bat", "codex.ps1"])(
  "on Windows %s on the PATH is found, and the .exe behind it is asked for",
  async (name) => {
    await using folder = await temporaryFolder();
    const file = await executableIn(folder.path, name);
    const failure = explain("codex", "ENOENT", { env: { Path: folder.path } }, "win32");
    expect(failure).toMatchObject({
      code: "NOT_AN_EXE",
      problem: expect.stringContaining(file),
      remedies: [expect.stringContaining("pass the .exe")],
    });
  },
);

test("on Windows the .exe on the PATH goes before a script of the same name", async () => {
  await using folder = await temporaryFolder();
  await executableIn(folder.path, "codex.cmd");
  const file = await executableIn(folder.path, "codex.exe");
  const failure = explain("codex", "EACCES", { env: { Path: folder.path } }, "win32");
  expect(failure).toMatchObject({
    code: "CANNOT_EXECUTE",
    problem: `${file} (from the option launchArgs) could not be started (EACCES): its permissions or a security program deny access.`,
  });
});

test.skipIf(isWindows)(
  "a path through a link loop, through a file, too long or with a NUL character is reported as that",
  async () => {
    await using folder = await temporaryFolder();
    const loop = path.join(folder.path, "loop");
    await symlink(loop, loop);
    const file = await executableIn(folder.path);
    const paths = [loop, path.join(file, "codex"), `/${"x".repeat(300)}`, "/a\0b"];
    const failures = paths.map((each) => thrownBy(() => checkExecutable(each, "codexPath")));
    expect(failures).toMatchObject([
      { code: "FILE_NOT_FOUND", problem: expect.stringContaining("(ELOOP)") },
      { code: "FILE_NOT_FOUND", problem: expect.stringContaining("(ENOTDIR)") },
      { code: "FILE_NOT_FOUND", problem: expect.stringContaining("(ENAMETOOLONG)") },
      { code: "FILE_NOT_FOUND", problem: expect.stringContaining("contains a NUL character") },
    ]);
  },
);

test("a directory that exists is accepted as the working directory, and so is that of this process", async () => {
  await using folder = await temporaryFolder();
  await mkdir(path.join(folder.path, "work"));
  expect(() => checkWorkingDirectory(path.join(folder.path, "work"))).not.toThrow();
  expect(() => checkWorkingDirectory(undefined)).not.toThrow();
});
