import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { codexPath, codexPathDir } from "@openai/codex-cli-bin";
import { checkExecutable } from "@openai/codex-cli-bin/executable";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { mergeEnv, toLaunchCommand } from "../../../src/client/launch.js";
import { CodexStartError, InvalidOptionError } from "../../../src/errors.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "codex-launch-"));
  await writeFile(join(folder, "codex"), "#!/bin/sh\n");
  await chmod(join(folder, "codex"), 0o755);
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

describe("the command line", () => {
  it("runs the installed runtime over stdio, with its tools on the PATH", () => {
    const command = toLaunchCommand({});
    expect({ ...command, env: null }).toEqual({
      file: codexPath(),
      args: ["app-server", "--listen", "stdio://"],
      env: null,
    });
    const toolsDir = codexPathDir();
    expect(toolsDir).not.toBeNull();
    expect(command.env["PATH"]?.split(":")[0]).toBe(toolsDir);
  });

  it("puts the config before the subcommand, and leaves the PATH alone for a codexPath", () => {
    const file = join(folder, "codex");
    expect(toLaunchCommand({ codexPath: file, config: { a: 1 }, cwd: folder })).toEqual({
      file,
      args: ["--config", "a=1", "app-server", "--listen", "stdio://"],
      env: { ...process.env },
      cwd: folder,
    });
  });

  it("is launchArgs as they stand, without any lookup", () => {
    expect(toLaunchCommand({ launchArgs: ["any", "thing"] })).toMatchObject({
      file: "any",
      args: ["thing"],
    });
  });

  it("S16 S2: says for each unusable codexPath what is wrong with it", () => {
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
        message: expect.stringMatching(/plain .*not executable \(EACCES\)/),
      },
    ]);
  });

  it("refuses a cwd that is no folder, before anything is started", () => {
    for (const cwd of [join(folder, "nowhere"), join(folder, "codex")]) {
      const failure = failureOf(() => toLaunchCommand({ cwd }));
      expect(failure).toBeInstanceOf(InvalidOptionError);
      expect(failure).toMatchObject({ option: "cwd" });
    }
  });

  it("S12: takes no script for an executable on Windows, and says to pass the .exe", () => {
    expect(() => checkExecutable(join(folder, "codex"), "codexPath", "win32")).toThrow(
      expect.objectContaining({
        code: "NOT_AN_EXE",
        message: expect.stringContaining("codex.exe"),
      }),
    );
  });
});

describe("S5: the environment of the runtime", () => {
  it("is the host's, with the given variables over it and the undefined ones taken out", () => {
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

  it("tells names apart by case where the system does, and only there", () => {
    expect(mergeEnv({ Path: "a" }, { PATH: "b" }, "linux")).toEqual({ Path: "a", PATH: "b" });
    expect(mergeEnv({ Path: "a", x: "1" }, { PATH: "b", X: undefined }, "win32")).toEqual({
      PATH: "b",
    });
  });
});
