// The `codex` bin, as it is published, with a Node script in the runtime's place.
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { withPathDir } from "../src/run.js";
import { temporaryFolder } from "./support/fixtures.js";
import {
  buildPackage,
  installFakeRuntime,
  installPackage,
  start,
  thisTarget,
} from "./support/installation.js";

test("the tools' folder goes first on PATH, whatever the variable is called", () => {
  const { delimiter } = path;
  expect([
    withPathDir({ PATH: "/bin", OTHER: "x" }, "/tools"),
    withPathDir({ Path: "C:\\Windows" }, "C:\\tools"),
    withPathDir({ PATH: "" }, "/tools"),
    withPathDir({}, "/tools"),
  ]).toEqual([
    { PATH: `/tools${delimiter}/bin`, OTHER: "x" },
    { Path: `C:\\tools${delimiter}C:\\Windows` },
    { PATH: "/tools" },
    { PATH: "/tools" },
  ]);
});

// A script with an interpreter line cannot stand in for an .exe. The scripts that wait do so for the end
// of their input, which comes with the end of the test's process at the latest: none outlives it.
describe.skipIf(process.platform === "win32")("the codex bin", () => {
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
    return { ...folder, codex, bin: path.join(own, "bin/codex.js") };
  }

  test("passes on arguments, input, output and exit status, with the tools' folder on PATH", async () => {
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
    "passes on %s and leaves the answer to the runtime",
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
    "ends by %s when the runtime does",
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

  test("ends with the shell's status when the runtime dies by a signal that Node ignores", async () => {
    await using installation = await installationOf("");
    // Node ignores SIGPIPE, so a shell takes the script's place.
    await writeFile(installation.codex, "#!/bin/sh\nkill -PIPE $$\n");
    expect(await start(installation.bin, []).ended).toEqual({
      status: 141,
      signal: null,
      stdout: "",
      stderr: "",
    });
  });

  test("runs what CODEX_CLI_BIN_PATH names", async () => {
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

  test("says on stderr why there is nothing to run, with status 1 and no stack", async () => {
    await using installation = await installationOf("");
    const CODEX_CLI_BIN_PATH = installation.path;
    expect(await start(installation.bin, [], { CODEX_CLI_BIN_PATH }).ended).toEqual({
      status: 1,
      signal: null,
      stdout: "",
      stderr: `codex: ${installation.path} (from the environment variable CODEX_CLI_BIN_PATH) is a directory, not the Codex executable.\nTo mend it:\n  - name the executable file itself, codex\n`,
    });
  });

  test("explains an executable that the system cannot start", async () => {
    await using installation = await installationOf("");
    await writeFile(installation.codex, "#!/no/such/interpreter\n");
    expect(await start(installation.bin, []).ended).toEqual({
      status: 1,
      signal: null,
      stdout: "",
      stderr: expect.stringMatching(
        /^codex: .* exists, but could not be executed \(ENOENT\)\.\nUsual causes:\n {2}- it is a script whose interpreter/,
      ),
    });
  });
});
