import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startHarness } from "../../src/testing/index.js";
import { codeBlocksOf, isUserDoc, moduleNameOf } from "../support/codeBlocks.js";
import { linkDocLibraries } from "../support/docLibraries.js";
import { runCommandLine, runProgram, stableLines } from "../support/runProgram.js";
import { filesBelow, repoRoot } from "../support/sourceFiles.js";
import { createTsProject, type TsProject } from "../support/tsProject.js";
import { agentPrograms } from "./agentPrograms.js";
import type { DocPrograms } from "./docProgram.js";
import { notRun } from "./notRun.js";
import { servicePrograms } from "./servicePrograms.js";
import { startPrograms } from "./startPrograms.js";
import { tourPrograms } from "./tourPrograms.js";

const programs: DocPrograms = {
  ...startPrograms,
  ...agentPrograms,
  ...servicePrograms,
  ...tourPrograms,
};
const pages = filesBelow(repoRoot, isUserDoc);
const blocks = pages
  .flatMap(codeBlocksOf)
  .filter(({ language }) => /^(?:[tj]s|mjs|sh)$/.test(language));
const runnable = blocks.flatMap((block) =>
  block.program === undefined ? [] : [{ ...block, program: block.program }],
);

const PACKAGES = ["codex", "codex-cli-bin", "codex-types"];
const FLAGS =
  "--strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --target es2022 --lib es2023,esnext.disposable --types node --module nodenext --moduleDetection force --skipLibCheck";

/** Lays out every block as a module of its own, compiled, with what a case appends behind it. */
async function compileBlocks(project: TsProject): Promise<void> {
  await linkDocLibraries(project);
  await Promise.all(
    PACKAGES.map((name) => project.link(`@openai/${name}`, join(repoRoot, "packages", name))),
  );
  const modules = blocks.filter(({ language }) => /^[tj]s$/.test(language));
  await Promise.all(
    modules.map((block) => {
      const append = programs[block.program ?? ""]?.append ?? "";
      return project.write(moduleNameOf(block), `${block.code}${append}`);
    }),
  );
  const sources = blocks.filter(({ language }) => language === "ts").map(moduleNameOf);
  await project.tsc([...FLAGS.split(" "), ...sources]);
}

describe("the programs of the documentation, on the real runtime with a scripted model", () => {
  let project: TsProject;
  beforeAll(async () => {
    project = await createTsProject();
    await compileBlocks(project);
  }, 120_000);
  afterAll(() => project[Symbol.asyncDispose]());

  for (const block of runnable) {
    const { path, line, program: name } = block;
    const program = programs[name];
    if (program === undefined) continue;
    it.concurrent(`print the expected lines: ${path}:${line} ${name}`, async () => {
      const { prepare, prints, exitCode = 0, stderr = "", env, ...options } = program;
      await using harness = await startHarness(program.harness);
      await prepare?.(harness);
      const file = join(project.folder, moduleNameOf(block).replace(/\.mts$/, ".mjs"));
      const settings = {
        ...options,
        env: (typeof env === "function" ? env(harness) : env) ?? {},
      };

      const outcome =
        block.language === "sh"
          ? await runCommandLine(["sh", "-ec", block.code], project.folder, harness, settings)
          : await runProgram(file, harness, settings);

      const lines = stableLines(outcome.stdout, harness);
      const isCut = prints.at(-1) === "…";
      const shown = isCut ? [...lines.slice(0, prints.length - 1), "…"] : lines;
      expect({ ...outcome, stdout: shown }).toEqual({ exitCode, stdout: prints, stderr });
      expect(harness.model.unscripted).toEqual([]);
    });
  }

  it("are each expected by a case of this test, and each case has its program", () => {
    const names = runnable.map(({ program }) => program);
    expect(names.toSorted()).toEqual(Object.keys(programs).toSorted());
  });

  it("are all blocks of the documentation but those that are listed with a reason", () => {
    const rest = blocks.filter(({ program }) => program === undefined);
    const unexplained = rest.filter(
      ({ code }) => notRun.filter(({ starts }) => code.startsWith(starts)).length !== 1,
    );
    const stale = notRun.filter(({ starts }) => !rest.some(({ code }) => code.startsWith(starts)));
    expect(unexplained.map(({ path, line }) => `${path}:${line}`)).toEqual([]);
    expect(stale).toEqual([]);
  });

  it("have the image of examples/docker, word for word", () => {
    const image = readFileSync(join(repoRoot, "examples/docker/Dockerfile"), "utf8");
    const shown = pages.flatMap(codeBlocksOf).filter(({ language }) => language === "dockerfile");
    expect(shown.map(({ code }) => code)).toEqual([image]);
  });

  it("do not hide from these tests by an indented fence", () => {
    const indented = pages.filter(({ text }) => /^[ >]+```/m.test(text)).map(({ path }) => path);
    expect(indented).toEqual([]);
  });

  it("are in every guide", () => {
    const guides = pages.map(({ path }) => path).filter((path) => path.startsWith("docs/guides/"));
    const withPrograms = new Set(runnable.map(({ path }) => path));
    const WITHOUT_CODE = /^docs\/guides\/(?:index|versions)\.md$/;
    const missing = guides.filter((path) => !withPrograms.has(path) && !WITHOUT_CODE.test(path));
    expect(missing).toEqual([]);
  });
});
