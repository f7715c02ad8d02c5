import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { runCommand } from "../../src/runCommand.js";
import { fixtureRepository } from "../support/fixtureRepository.js";
import { stagedRelease } from "../support/stagedRelease.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { BUNDLE, runTool } from "../support/tool.js";

const COMMANDS = [
  "version",
  "stage-runtime",
  "stage-cli-bin",
  "stage-types",
  "stage-sdk",
  "stage-all",
  "verify",
  "preflight",
  "publish",
  "bump",
];

test.each(COMMANDS)(
  "%s --help explains the command, and names no legacy option",
  async (command) => {
    const { exitCode, stdout, stderr } = await runTool(command, "--help");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`Usage: release ${command}`);
    expect(stdout).toContain("--json");
    expect(stdout).not.toMatch(/--sdk-version|--runtime-version/);
  },
);

test("version prints the mapping as text and as JSON", async () => {
  expect(await runTool("version", "0.116.0a1.post2")).toEqual({
    exitCode: 0,
    stdout:
      "npm       0.116.0-alpha.1.2\ntag       rust-v0.116.0-alpha.1.2\nPEP 440   0.116.0a1.post2\ndist-tag  alpha\n",
    stderr: "",
  });
  const { stdout } = await runTool(
    "version",
    "v0.115.2",
    "--published",
    "0.116.0, 0.115.1",
    "--json",
  );
  expect(JSON.parse(stdout)).toEqual({
    npm: "0.115.2",
    tag: "rust-v0.115.2",
    pep440: "0.115.2",
    distTag: "release-0.115",
  });
});

test.each([
  [["version", "0.116"], '"0.116" is not a Codex version'],
  [["version", ""], '"" is not a Codex version'],
  [["verify", ""], "The path is empty"],
  [
    ["stage-runtime", "x", "--codex-version", "1.2.3"],
    "required option '--platform <platform>' not specified",
  ],
  [
    ["stage-runtime", "x", "--codex-version", "1.2.3", "--platform", "sunos-x64"],
    '"sunos-x64" is not a platform',
  ],
  [
    ["stage-runtime", "x", "--codex-version", "1.2.3", "--platform", "linux-x64"],
    "Name the source of the runtime",
  ],
  [
    [
      "stage-runtime",
      "x",
      "--codex-version",
      "1.2.3",
      "--platform",
      "linux-x64",
      "--from-npm",
      "--from-github",
    ],
    "2 were given",
  ],
  [
    [
      "stage-runtime",
      "x",
      "--codex-version",
      "1.2.3",
      "--platform",
      "linux-x64",
      "--from-npm",
      "--resource",
      "rg",
    ],
    "--resource goes with --binary",
  ],
  [["stage-sdk", "x"], "Pass --codex-version"],
  [
    ["stage-all", "x", "--codex-version", "1.2.3", "--platforms", "linux-x64,"],
    '"" is not a platform',
  ],
  [["verify", "nowhere"], "nowhere holds no release.json"],
  [["publish", "nowhere"], "required option '--registry <url>' not specified"],
  [["bump"], "required option '--codex-version <version>' not specified"],
  [["explode"], "unknown command 'explode'"],
  [["versoin"], "unknown command 'versoin' (Did you mean version?)"],
  [["verify", "x", "--fast"], "unknown option '--fast'"],
  [["verify", "x", "--jso"], "unknown option '--jso' (Did you mean --json?)"],
  [["verify", "x", "y"], "too many arguments"],
  [["verify", "x", "--complete=yes"], "unknown option"],
  [["verify", "x", "--repository", ""], "The path is empty"],
  [["bump", "--codex-version", "1.2.3", "--report"], "option '--report <file>' argument missing"],
  [["stage-all", "x", "--codex-version", "1.2.3", "--registry", ""], '"" is not the URL'],
  [
    ["stage-all", "x", "--codex-version", "1.2.3", "--from-npm", "--from-github"],
    "one of --from-npm and --from-github",
  ],
  [
    ["stage-all", "x", "--codex-version", "1.2.3", "--from-github", "--registry", "http://x"],
    "--registry goes with --from-npm",
  ],
  [
    ["stage-all", "x", "--codex-version", "1.2.3", "--staged", "x", "--registry", "http://x"],
    "--registry goes with --from-npm",
  ],
  [
    [
      "stage-all",
      "x",
      "--codex-version",
      "1.2.3",
      "--package",
      "linux-x64=a",
      "--package",
      "linux-x64=b",
    ],
    "--package names linux-x64 twice",
  ],
  [
    [
      "stage-all",
      "x",
      "--codex-version",
      "1.2.3",
      "--platforms",
      "win32-x64",
      "--package",
      "linux-x64=a",
    ],
    "which --platforms leaves out",
  ],
  [
    ["stage-all", "x", "--codex-version", "1.2.3", "--staged", "nowhere"],
    "nowhere has no staged runtime of darwin-arm64 at 1.2.3",
  ],
])("%j fails on stderr in one line, with status 1", async (args, message) => {
  const { exitCode, stdout, stderr } = await runTool(...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain(message);
  // The note on another version than the checkout's comes first.
  expect(stderr).toMatch(/^(note: [^\n]*\n)?error: [^\n]+\n$/);
});

test("gives the code of an error as JSON, of a wrong argument as well", async () => {
  const wrong = await runTool("version", "--jso", "1.2.3", "--json");
  expect(JSON.parse(wrong.stderr)).toEqual({
    error: { code: "INVALID_ARGUMENT", message: "unknown option '--jso' (Did you mean --json?)" },
  });
  const { exitCode, stderr } = await runTool("version", "nightly", "--json");
  expect(exitCode).toBe(1);
  expect(JSON.parse(stderr)).toEqual({
    error: {
      code: "INVALID_VERSION",
      message: expect.stringMatching(/^"nightly" is not a Codex version/),
    },
  });
});

describe("the legacy options of the staging commands", () => {
  test.each(["stage-cli-bin", "stage-types"])(
    "are accepted by %s if they name the same version",
    async (command) => {
      await using folder = await temporaryFolder();
      const repository = await fixtureRepository(join(folder.path, "checkout"));
      const out = join(folder.path, "out");
      const common = [command, out, "--no-build", "--repository", repository.root];
      const same = await runTool(
        ...common,
        "--codex-version",
        "rust-v1.2.3-alpha.1",
        "--sdk-version",
        "1.2.3a1",
        "--runtime-version",
        "1.2.3-alpha1",
      );
      expect(same.exitCode).toBe(0);
      expect(same.stdout).toContain("1.2.3-alpha.1 in ");
      expect(same.stderr).toContain("is a rehearsal");
    },
  );

  test.each(["stage-runtime", "stage-cli-bin", "stage-types", "stage-sdk", "stage-all"])(
    "are refused by %s if they name another",
    async (command) => {
      await using folder = await temporaryFolder();
      const out = join(folder.path, "out");
      const platform = command === "stage-runtime" ? ["--platform", "linux-x64", "--from-npm"] : [];
      for (const legacy of ["--sdk-version", "--runtime-version"]) {
        const run = await runTool(
          command,
          out,
          ...platform,
          "--codex-version",
          "1.2.3",
          legacy,
          "1.2.4",
          "--json",
        );
        expect(run.exitCode).toBe(1);
        expect(JSON.parse(run.stderr)).toEqual({
          error: {
            code: "VERSION_MISMATCH",
            message:
              "SDK and runtime versions must match, but 1.2.3 and 1.2.4 were given; pass one --codex-version.",
          },
        });
      }
      expect(existsSync(out)).toBe(false);
    },
  );
});

test("verify fails with the list of errors on stdout", async () => {
  await using folder = await temporaryFolder();
  const { path } = await stagedRelease(folder.path, { platforms: "linux-x64" });
  const run = await runTool("verify", path, "--complete");
  expect(run.exitCode).toBe(1);
  expect(run.stdout).toContain("error: @openai/codex-win32-x64 the release lacks it\n");
  expect(run.stdout).toContain("Verified 4 packages of 1.2.3: 5 errors, 0 warnings\n");
  expect(run.stderr).toContain("must not be published: 5 errors.");
});

test("a reader that leaves before the end does not make a command fail", async () => {
  const child = spawn(process.execPath, [BUNDLE, "version", "1.2.3"], { stdio: "pipe" });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  expect(await once(child, "close")).toEqual([0, null]);
  expect(stderr).toBe("");
});

test("runs as one file, away from every package", async () => {
  await using folder = await temporaryFolder();
  const alone = join(folder.path, "release.mjs");
  await mkdir(folder.path, { recursive: true });
  await cp(BUNDLE, alone);
  const options = { cwd: folder.path, env: { NODE_PATH: "" } };
  const good = await runCommand([process.execPath, alone, "version", "0.116.0b2"], options);
  expect(good).toMatchObject({ exitCode: 0, stderr: "" });
  expect(good.stdout).toContain("rust-v0.116.0-beta.2");
  const bad = await runCommand([process.execPath, alone, "version", "0.116"], options);
  expect(bad).toMatchObject({ exitCode: 1, stdout: "" });
});
