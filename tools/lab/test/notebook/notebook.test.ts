import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import type { CellOutcome } from "../../src/notebook/jupyterKernel.js";
import { runNotebook } from "../../src/notebook/runNotebook.js";

const NOTEBOOK = fileURLToPath(new URL("../../../../notebooks/walkthrough.ipynb", import.meta.url));

describe("the walkthrough notebook, in the Jupyter kernel of Deno", () => {
  it("runs from its first cell to its last", async () => {
    const notebook: { cells: { cell_type: string }[] } = JSON.parse(
      await readFile(NOTEBOOK, "utf8"),
    );
    const count = notebook.cells.filter((cell) => cell.cell_type === "code").length;
    const outcomes: CellOutcome[] = [];

    await runNotebook((outcome) => outcomes.push(outcome));

    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => "ok"));
    const text = outcomes.map((outcome) => outcome.text).join("");
    expect(text).toContain("After a retry: The North Sea.");
    expect(text.trimEnd()).toMatch(/Closed\.$/);
  });
});
