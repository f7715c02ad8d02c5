import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { codexPath, codexPathDir } from "@openai/codex-cli-bin";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { explainSpawnFailure, mergeEnv, toLaunchCommand } from "../../../src/client/launch.js";
import { CodexStartError, InvalidOptionError } from "../../../src/errors.js";

const isWindows = process.platform === "win32";
/** A script, which Windows cannot start. */
const SCRIPT = "codex";
/** A file that counts as executable here. */
const EXECUTABLE = isWindows ? "codex.exe" : SCRIPT;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "codex-launch-"));
  for (const name of new Set([SCRIPT, EXECUTABLE])) {
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(join(folder, name), "#!/bin/sh\n");
    // oxlint-disable-next-line no-await-in-loop
    await chmod(join(folder, name), 0o755);
  }
  await writeFile(join(folder, "plain"), "#!/bin/sh\n", { mode: 0o644 });
  await mkdir(join(folder, "package"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function failureOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

describe("the command of the runtime", () => {
  it("runs the installed runtime over stdio, with its tools on the PATH", () => {
    const command = toLaunchCommand({});
    expect({ ...command, env: null }).toEqual({
      file: codexPath(),
      source: "the Codex runtime",
      args: ["app-server", "--listen", "stdio://"],
      env: null,
    });
    const toolsDir = codexPathDir();
    expect(toolsDir).not.toBeNull();
    const path = Object.entries(command.env).find(([name]) => name.toUpperCase() === "PATH")?.[1];
    expect(path?.split(delimiter)[0]).toBe(toolsDir);
  });

  it("has the config before the subcommand, and the PATH of the environment for a codexPath", () => {
    const file = join(folder, EXECUTABLE);
    expect(toLaunchCommand({ codexPath: file, config: { a: 1 }, cwd: folder })).toEqual({
      file,
      source: "the option codexPath",
      args: ["--config", "a=1", "app-server", "--listen", "stdio://"],
      env: { ...process.env },
      cwd: folder,
    });
  });

  it("is launchArgs unchanged, without a lookup", () => {
    expect(toLaunchCommand({ launchArgs: ["any", "thing"] })).toMatchObject({
      file: "any",
      args: ["thing"],
    });
  });

  it("is refused for an unusable codexPath, with the reason", () => {
    const failures = ["missing", "package", "plain"].map((name) =>
      failureOf(() => toLaunchCommand({ codexPath: join(folder, name) })),
    );
    expect(failures.every((failure) => failure instanceof CodexStartError)).toBe(true);
    expect(failures).toMatchObject([
      {
        code: "RUNTIME_NOT_FOUND",
        message: expect.stringMatching(/missing .*does not exist \(ENOENT\)/),
      },
      { code: "RUNTIME_NOT_FOUND", message: expect.stringMatching(/package .*is a directory/) },
      {
        code: "RUNTIME_NOT_EXECUTABLE",
        message: expect.stringMatching(
          isWindows
            ? /plain .*is not a Windows executable/
            : /plain .*is not executable \(EACCES\)/,
        ),
      },
    ]);
  });

  it("is refused for a cwd that is not a directory, before anything is started", () => {
    for (const cwd of [join(folder, "nowhere"), join(folder, SCRIPT)]) {
      const failure = failureOf(() => toLaunchCommand({ cwd }));
      expect(failure).toBeInstanceOf(InvalidOptionError);
      expect(failure).toMatchObject({ option: "cwd" });
    }
  });

  it("names the option launchArgs, and the PATH, if its program does not exist", () => {
    const command = toLaunchCommand({ launchArgs: ["no-such-program", "x"] });
    const error = Object.assign(new Error("spawn no-such-program ENOENT"), { code: "ENOENT" });
    expect(explainSpawnFailure(command, error)).toMatchObject({
      name: "CodexStartError",
      code: "RUNTIME_NOT_FOUND",
      message: expect.stringMatching(
        /^no-such-program \(from the option launchArgs\) was not found in any directory of the PATH/,
      ),
    });
  });

  it.each(["EMFILE", "ENFILE", "ENOMEM", "EAGAIN"])(
    "is not blamed for %s, which the system reports about this process",
    (code) => {
      const command = toLaunchCommand({ codexPath: join(folder, EXECUTABLE) });
      const error = Object.assign(new Error(`spawn ${code}`), { code });
      const failure = explainSpawnFailure(command, error);
      expect(failure).toBeInstanceOf(CodexStartError);
      expect(failure).toMatchObject({
        code: "START_FAILED",
        message: expect.stringContaining(`could not be started (${code})`),
        cause: { cause: error },
      });
      expect(String(failure)).not.toMatch(/node_modules|install|chmod|libc/);
    },
  );

  it.skipIf(isWindows)(
    "is refused in a working directory that has been removed, unless cwd names another one",
    async () => {
      const before = process.cwd();
      const removed = join(folder, "removed");
      await mkdir(removed);
      process.chdir(removed);
      try {
        await rm(removed, { recursive: true });
        const relative = { codexPath: "codex", cwd: folder };
        expect([{}, relative].map((options) => failureOf(() => toLaunchCommand(options)))).toEqual([
          expect.objectContaining({ name: "CodexStartError", code: "START_FAILED" }),
          expect.objectContaining({ name: "CodexStartError", code: "START_FAILED" }),
        ]);
        expect(toLaunchCommand({ cwd: folder })).toMatchObject({ cwd: folder, file: codexPath() });
      } finally {
        process.chdir(before);
      }
    },
  );

  it("is refused for a script on Windows, as one that is there, with the advice to pass the .exe", () => {
    const platform = Object.getOwnPropertyDescriptor(process, "platform");
    Object.defineProperty(process, "platform", { ...platform, value: "win32" });
    try {
      expect(() => toLaunchCommand({ codexPath: join(folder, SCRIPT) })).toThrow(
        expect.objectContaining({
          code: "RUNTIME_NOT_EXECUTABLE",
          message: expect.stringContaining("codex.exe"),
        }),
      );
    } finally {
      Object.defineProperty(process, "platform", platform ?? {});
    }
  });
});

describe("the environment of the runtime", () => {
  it("is that of this process, with the given variables set and the undefined ones removed", () => {
    const base = { PATH: "/bin", HOME: "/h", KEY: "old" };
    expect(
      mergeEnv(base, { FOO: "1", KEY: "new", HOME: undefined, NONE: undefined }, "linux"),
    ).toEqual({
      PATH: "/bin",
      FOO: "1",
      KEY: "new",
    });
    expect(base).toEqual({ PATH: "/bin", HOME: "/h", KEY: "old" });
  });

  it("has names that differ by case as one variable on Windows only", () => {
    expect(mergeEnv({ Path: "a" }, { PATH: "b" }, "linux")).toEqual({ Path: "a", PATH: "b" });
    expect(mergeEnv({ Path: "a", x: "1" }, { PATH: "b", X: undefined }, "win32")).toEqual({
      PATH: "b",
    });
  });
});
