// `pnpm mutation`: puts faults into the SDK's core, one at a time, and writes docs/mutation.md.
import { rmSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import type { MutantResult } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";

import { toFileScore, toPercent } from "./fileScore.js";
import { toPage } from "./page.js";
import { MUTATED_FILES, SOURCE_FOLDER, toStrykerOptions } from "./strykerOptions.js";
import { SURVIVORS } from "./survivors.js";
import { judge } from "./verdict.js";

// Stryker takes the working directory for the project's root.
process.chdir(fileURLToPath(new URL("../../..", import.meta.url)));

// Read first, as somebody may go on writing while the mutants run.
const sources = await readSources();
const mutants = await runMutants();
const scores = sources.map(({ file, path, source }) =>
  toFileScore(
    file,
    source,
    mutants.filter(({ fileName }) => relative(".", fileName).replaceAll(sep, "/") === path),
  ),
);
const { survivors, problems } = judge(scores, SURVIVORS);
await writeFile("docs/mutation.md", toPage(scores, survivors));
process.stdout.write(
  [...problems, `${toPercent(scores).toFixed(1)} % of the mutants are killed.`, ""].join("\n"),
);
process.exitCode = problems.length === 0 ? 0 : 1;

function readSources() {
  return Promise.all(
    MUTATED_FILES.map(async (file) => {
      const path = `${SOURCE_FOLDER}${file}`;
      return { file, path, source: await readFile(path, "utf8") };
    }),
  );
}

async function runMutants(): Promise<readonly MutantResult[]> {
  const temporaryFolder = await mkdtemp(join(tmpdir(), "codex-mutation-"));
  // At the exit, as Stryker ends the process by itself on a Ctrl-C.
  process.once("exit", () => rmSync(temporaryFolder, { recursive: true, force: true }));
  return new Stryker(toStrykerOptions(temporaryFolder)).runMutationTest();
}
