import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startHarness } from "../../src/testing/index.js";
import { docExamplesOf } from "../support/docExamples.js";
import { linkDocLibraries } from "../support/docLibraries.js";
import { MockChatgptBackend } from "../support/mockChatgptBackend.js";
import { MockLoginIssuer } from "../support/mockLoginIssuer.js";
import { declarationsOf, exportsOf, resolveSource } from "../support/publicDeclarations.js";
import { runProgram, stableLines } from "../support/runProgram.js";
import { signInOptions } from "../support/signInOptions.js";
import { filesBelow, repoRoot, sdkSources } from "../support/sourceFiles.js";
import { createTsProject, type TsProject } from "../support/tsProject.js";
import { exampleCases } from "./exampleCases.js";
import { exampleProgramOf } from "./exampleProgram.js";

const examples = filesBelow(sdkSources, (path) => path.endsWith(".ts")).flatMap(docExamplesOf);
const subjects = examples.map(({ subject }) => subject);

const FLAGS =
  "--strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --target es2022 --lib es2023,esnext.disposable --types node --module nodenext --moduleDetection force --skipLibCheck";

/** Members that a reader meets first. Every exported function has an example, too. */
const MEMBERS = [
  "Codex",
  "Codex.startThread",
  "Codex.resumeThread",
  "Codex.iterateThreads",
  "CodexServices.loginChatgptDeviceCode",
  "CodexServices.runCommand",
  "Thread.run",
  "Thread.turn",
  "Thread.startGoal",
  "Thread.updateSettings",
  "Thread.fork",
  "TurnHandle.stream",
  "TurnHandle.steer",
  "TurnHandle.interrupt",
  "TurnOptions.outputSchema",
  "CodexError",
];

function exportedFunctions(entry: string): string[] {
  return exportsOf(entry)
    .filter(({ isType }) => !isType)
    .filter(({ localName, specifier }) =>
      declarationsOf(resolveSource(entry, specifier), localName).some(
        ({ node }) => node.type === "FunctionDeclaration",
      ),
    )
    .map(({ localName }) => localName);
}

describe("the examples in doc comments, on the real runtime with a scripted model", () => {
  let project: TsProject;
  const fileOf = (subject: string): string => subject.replace(".", "-");
  beforeAll(async () => {
    project = await createTsProject();
    await linkDocLibraries(project);
    await Promise.all(
      ["codex", "codex-cli-bin", "codex-types"].map((name) =>
        project.link(`@openai/${name}`, join(repoRoot, "packages", name)),
      ),
    );
    await Promise.all(
      examples.map((example) =>
        project.write(
          `${fileOf(example.subject)}.mts`,
          exampleProgramOf(example, exampleCases[example.subject] ?? { prints: [] }),
        ),
      ),
    );
    await project.tsc([...FLAGS.split(" "), ...subjects.map((name) => `${fileOf(name)}.mts`)]);
  }, 120_000);
  afterAll(() => project[Symbol.asyncDispose]());

  for (const { subject, path, line } of examples) {
    const example = exampleCases[subject];
    if (example === undefined) continue;
    it.concurrent(`print the expected lines: ${path}:${line} ${subject}`, async () => {
      await using issuer = await MockLoginIssuer.start();
      await using backend = await MockChatgptBackend.start();
      const options = example.signsIn === true ? signInOptions(issuer, backend) : undefined;
      await using harness = await startHarness(options);
      issuer.approveDevice();
      await example.prepare?.(harness);

      const program = join(project.folder, `${fileOf(subject)}.mjs`);
      const outcome = await runProgram(program, harness, options?.codex);

      const stdout = stableLines(outcome.stdout, harness);
      expect({ ...outcome, stdout }).toEqual({ exitCode: 0, stdout: example.prints, stderr: "" });
      expect(harness.model.unscripted).toEqual([]);
    });
  }

  it("are each expected by a case of this test, and each case has its example", () => {
    expect(subjects.toSorted()).toEqual(Object.keys(exampleCases).toSorted());
  });

  it("are in the comments of every exported function, and of the first members that a reader meets", () => {
    const functions = ["index.ts", "testing/index.ts"].flatMap(exportedFunctions);
    expect(functions.length).toBeGreaterThan(20);
    const missing = [...functions, ...MEMBERS].filter((name) => !subjects.includes(name));
    expect(missing).toEqual([]);
  });
});
