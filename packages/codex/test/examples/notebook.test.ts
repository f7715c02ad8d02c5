import { readFileSync } from "node:fs";
import { join } from "node:path";

import { startHarness } from "@openai/codex/testing";
import { describe, expect, it } from "vitest";

import { playNotebookModel } from "../../../../tools/lab/src/notebook/notebookModel.js";
import { runProgram, stableLines } from "../support/runProgram.js";
import { repoRoot } from "../support/sourceFiles.js";
import { createTsProject } from "../support/tsProject.js";

interface Notebook {
  readonly nbformat: number;
  readonly metadata: { readonly kernelspec: { readonly language: string } };
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source: readonly string[];
    readonly outputs?: readonly unknown[];
    readonly execution_count?: number | null;
  }[];
}

const notebook: Notebook = JSON.parse(
  readFileSync(join(repoRoot, "notebooks/walkthrough.ipynb"), "utf8"),
);
const codeCells = notebook.cells.filter((cell) => cell.cell_type === "code");

describe("the walkthrough notebook", () => {
  it("is one for a TypeScript kernel, with no outputs stored", () => {
    expect(notebook.nbformat).toBe(4);
    expect(notebook.metadata.kernelspec.language).toBe("typescript");
    expect(codeCells.length).toBeGreaterThanOrEqual(10);
    expect(codeCells.map((cell) => [cell.outputs, cell.execution_count])).toEqual(
      codeCells.map(() => [[], null]),
    );
  });

  it("compiles, and runs from its first cell to its last on the real runtime", async () => {
    await using project = await createTsProject();
    await project.link("@openai/codex", join(repoRoot, "packages/codex"));
    const source = codeCells.map((cell) => cell.source.join("")).join("\n\n");
    await project.write("walkthrough.mts", source);
    const flags = "--strict --exactOptionalPropertyTypes --target es2022 --module nodenext";
    await project.tsc([...flags.split(" "), "--types", "node", "walkthrough.mts"]);
    await using harness = await startHarness();
    playNotebookModel(harness.model);

    const outcome = await runProgram(join(project.folder, "walkthrough.mjs"), harness);

    expect({ ...outcome, stdout: stableLines(outcome.stdout, harness) }).toEqual({
      exitCode: 0,
      stdout: [
        "Runtime: <version>",
        "Account: nobody needed: false",
        "First: OK.",
        "Second: 14.",
        "Tokens: 2",
        "Delta: One, ",
        "Delta: two, ",
        "Delta: three.",
        "Ended: completed",
        "With the default model: 101.",
        "Flag: France's.",
        "Colours: Blue, white, red.",
        "Year: 1989",
        'Dice: {"pips":4}',
        "Meanwhile: Hello meanwhile.",
        "Story: interrupted",
        "Error: THREAD_NOT_FOUND",
        "After a retry: The North Sea.",
        "Fork: 21. true",
        "Stored: Walkthrough with 10 turns",
        "Closed.",
      ],
      stderr: "",
    });
    expect(harness.model.unscripted).toEqual([]);
  });
});
