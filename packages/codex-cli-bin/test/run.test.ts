// The `codex` command of `@openai/codex`, as it is published, with a script in place of the runtime.
import { once } from "node:events";
import { rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { temporaryFolder } from "./support/fixtures.js";
import {
  buildPackage,
  installFakeRuntime,
  installCommand,
  installPackage,
  start,
  thisTarget,
} from "./support/installation.js";

// On Windows a script with an interpreter line cannot replace an .exe. The scripts that wait end with their
// input, which ends with the test's process at the latest, so none outlives it.
describe.skipIf(process.platform === "win32")("the codex command", () => {
  let built: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    built = await temporaryFolder();
    await buildPackage(built.path);
  });
  afterAll(() => built[Symbol.asyncDispose]());

  async function installationOf(script: string) {
    const folder = await temporaryFolder();
    const own = path.join(folder.path, "node_modules/@openai/codex-cli-bin");
    await installPackage(built.path, own);
    const platform = path.join(folder.path, "node_modules", thisTarget().packageName);
    const codex = await installFakeRuntime(platform, { script });
    const bin = await installCommand(path.join(folder.path, "node_modules"));
    return { ...folder, codex, bin };
  }

  test("passes through arguments, input, output and exit status, with the tools' folder first on PATH", async () => {
    await using installation = await installationOf(`
      process.stdin.setEncoding("utf8").on("data", (input) => {
        console.log(JSON.stringify({ args: process.argv.slice(2), input, path: process.env.PATH.split(":")[0] }));
        console.error("to stderr");
        process.exitCode = 7;
      });`);
    const args = ["exec", "--json", "a b", "", "*", '"$HOME"', "--", "ünï"];
    const { child, ended } = start(installation.bin, args);
    child.stdin?.end("to stdin");
    const { stdout, ...rest } = await ended;
    expect({ ...rest, stdout: JSON.parse(stdout) }).toEqual({
      status: 7,
      signal: null,
      stderr: "to stderr\n",
      stdout: {
        args,
        input: "to stdin",
        path: path.join(installation.codex, "../../codex-path"),
      },
    });
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const)(
    "forwards %s, and the runtime decides how to end",
    async (signal) => {
      await using installation = await installationOf(`
        process.on("${signal}", () => { console.log("caught"); process.stdin.destroy(); process.exitCode = 5; });
        process.stdin.resume();
        console.error("ready");`);
      const { child, ended } = start(installation.bin, []);
      if (child.stderr !== null) await once(child.stderr, "data");
      child.kill(signal);
      expect(await ended).toEqual({
        status: 5,
        signal: null,
        stdout: "caught\n",
        stderr: "ready\n",
      });
    },
  );

  test.each(["SIGTERM", "SIGINT", "SIGKILL"] as const)(
    "ends by %s when the runtime ends by it",
    async (signal) => {
      await using installation = await installationOf(`process.kill(process.pid, "${signal}");
        process.stdin.resume();`);
      expect(await start(installation.bin, []).ended).toEqual({
        status: null,
        signal,
        stdout: "",
        stderr: "",
      });
    },
  );

  test("ends with the status that a shell reports when a signal that Node ignores ends the runtime", async () => {
    await using installation = await installationOf("");
    // Node ignores SIGPIPE, so the runtime is a shell script here.
    await writeFile(installation.codex, "#!/bin/sh\nkill -PIPE $$\n");
    expect(await start(installation.bin, []).ended).toEqual({
      status: 141,
      signal: null,
      stdout: "",
      stderr: "",
    });
  });

  test("runs the executable that CODEX_CLI_BIN_PATH names", async () => {
    await using installation = await installationOf("");
    const other = path.join(installation.path, "other");
    await writeFile(other, "#!/bin/sh\necho other\n", { mode: 0o755 });
    expect(await start(installation.bin, [], { CODEX_CLI_BIN_PATH: other }).ended).toEqual({
      status: 0,
      signal: null,
      stdout: "other\n",
      stderr: "",
    });
  });

  test("writes the reason to stderr and exits with 1, without a stack, if the runtime is missing", async () => {
    await using installation = await installationOf("");
    const CODEX_CLI_BIN_PATH = installation.path;
    expect(await start(installation.bin, [], { CODEX_CLI_BIN_PATH }).ended).toEqual({
      status: 1,
      signal: null,
      stdout: "",
      stderr: `codex: ${installation.path} (from the environment variable CODEX_CLI_BIN_PATH) is a directory, not the executable.\nTo fix it:\n  - name the executable file itself, such as codex\n`,
    });
  });

  test("reports a missing interpreter as the reason that the system cannot start the executable", async () => {
    await using installation = await installationOf("");
    await writeFile(installation.codex, "#!/no/such/interpreter\n");
    expect(await start(installation.bin, []).ended).toEqual({
      status: 1,
      signal: null,
      stdout: "",
      stderr: expect.stringMatching(
        /^codex: .* could not be started \(ENOENT\): its interpreter \(the path after #!\) or its loader/,
      ),
    });
  });

  test("replaces its own process by a native runtime where Node can, and is its parent elsewhere", async () => {
    await using installation = await installationOf("");
    await rm(installation.codex);
    await symlink(process.execPath, installation.codex);
    const { child, ended } = start(installation.bin, [
      "--print",
      "JSON.stringify([process.pid, process.ppid])",
    ]);
    const [pid, parent]: readonly number[] = JSON.parse((await ended).stdout);
    expect("execve" in process ? pid : parent).toBe(child.pid);
  });

  test.each([
    ["npm", "npm/11.0.0 node/v20.19.0 linux x64", "CODEX_MANAGED_BY_NPM"],
    ["bun", "bun/1.4.5 npm/? node/v24.3.0 linux x64", "CODEX_MANAGED_BY_BUN"],
    ["pnpm", "pnpm/12.0.0 npm/? node/v20.19.0 linux x64", "CODEX_MANAGED_BY_PNPM"],
  ])(
    "names %s and the package's folder to the runtime as the owner of the install, and no other owner",
    async (manager, npm_config_user_agent, variable) => {
      await using installation = await installationOf(`
        const managed = Object.entries(process.env).filter(([name]) => name.startsWith("CODEX_MANAGED_"));
        console.log(JSON.stringify(Object.fromEntries(managed)));`);
      if (manager === "pnpm") {
        await writeFile(path.join(installation.path, "node_modules/.modules.yaml"), "");
      }
      const inherited = { CODEX_MANAGED_BY_VITE_PLUS: "1", CODEX_MANAGED_PACKAGE_ROOT: "/other" };
      const { ended } = start(installation.bin, [], { ...inherited, npm_config_user_agent });
      expect(JSON.parse((await ended).stdout)).toEqual({
        [variable]: "1",
        CODEX_MANAGED_PACKAGE_ROOT: path.join(installation.path, "node_modules/@openai/codex"),
      });
    },
  );
});
