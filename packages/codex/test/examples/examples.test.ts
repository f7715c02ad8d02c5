import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { startHarness } from "@openai/codex/testing";
import { describe, expect, it } from "vitest";

import { EXAMPLE_SCRIPTS } from "../../../../tools/setup/src/examples/scripts.js";
import { MockChatgptBackend } from "../support/mockChatgptBackend.js";
import { MockLoginIssuer } from "../support/mockLoginIssuer.js";
import { runProgram, stableLines } from "../support/runProgram.js";
import { signInOptions } from "../support/signInOptions.js";
import { repoRoot } from "../support/sourceFiles.js";
import { threadCases } from "./threadCases.js";
import { turnCases } from "./turnCases.js";

const cases = { ...threadCases, ...turnCases };
const LOGIN_EXAMPLE = "15_loginAndAccount";

const folder = join(repoRoot, "examples");
const names = readdirSync(join(folder, "src")).map((file) => basename(file, ".ts"));
const builtFile = (name: string): string => join(folder, "dist", `${name}.js`);

describe("each example, as a program of its own on the real runtime", () => {
  for (const [name, { prints, inAnyOrder = false, ...options }] of Object.entries(cases)) {
    it.concurrent(`prints the expected lines: ${name}`, async () => {
      await using harness = await startHarness();
      EXAMPLE_SCRIPTS[name]?.(harness.model);

      const outcome = await runProgram(builtFile(name), harness, options);

      expect(outcome).toEqual({ exitCode: 0, stdout: expect.any(String), stderr: "" });
      const lines = stableLines(outcome.stdout, harness);
      const isCut = prints.at(-1) === "…";
      const shown = isCut ? [...lines.slice(0, prints.length - 1), "…"] : lines;
      expect(inAnyOrder ? shown.toSorted() : shown).toEqual(
        inAnyOrder ? prints.toSorted() : prints,
      );
      expect(harness.model.unscripted).toEqual([]);
    });
  }

  it.concurrent(`cancels its login at once: ${LOGIN_EXAMPLE}`, async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    const options = signInOptions(issuer, backend);
    await using harness = await startHarness(options);

    const outcome = await runProgram(builtFile(LOGIN_EXAMPLE), harness, options.codex);

    expect({ ...outcome, stdout: stableLines(outcome.stdout, harness) }).toEqual({
      exitCode: 0,
      stdout: [
        "Account: nobody; needed: true",
        "Open <origin>/codex/device and type ABCD-1234",
        "Cancel: canceled",
        "Login succeeded: false",
        "Account: nobody; needed: true",
      ],
      stderr: "",
    });
  });

  it.concurrent(`waits for the person with --wait: ${LOGIN_EXAMPLE}`, async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    const options = signInOptions(issuer, backend);
    await using harness = await startHarness(options);
    issuer.approveDevice();

    const outcome = await runProgram(builtFile(LOGIN_EXAMPLE), harness, {
      ...options.codex,
      args: ["--wait"],
    });

    expect({ ...outcome, stdout: stableLines(outcome.stdout, harness) }).toEqual({
      exitCode: 0,
      stdout: [
        "Account: nobody; needed: true",
        "Open <origin>/codex/device and type ABCD-1234",
        "Login succeeded: true",
        "Account: chatgpt pro",
      ],
      stderr: "",
    });
  });
});

describe("the examples", () => {
  it("are all run by these tests", () => {
    expect(names.length).toBeGreaterThanOrEqual(27);
    expect([...Object.keys(cases), LOGIN_EXAMPLE].toSorted()).toEqual(names.toSorted());
  });

  it("are all listed in their README, and no others", () => {
    const readme = readFileSync(join(folder, "README.md"), "utf8");
    const listed = [...readme.matchAll(/\]\(src\/(\w+)\.ts\)/g)].map((match) => match[1]);
    expect(listed).toEqual(names.toSorted());
  });
});
