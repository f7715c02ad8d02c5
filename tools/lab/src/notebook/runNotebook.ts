import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { startHarness } from "@openai/codex/testing";

import { fetchRuntime } from "../smoke/fetchRuntime.js";
import { NOTEBOOK_DENO } from "../smoke/runtimes.js";
import { type CellOutcome, JupyterKernel } from "./jupyterKernel.js";
import { playNotebookModel } from "./notebookModel.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Runs the cells in order, up to the first one that fails. `onCell` receives each outcome. */
export async function runNotebook(onCell: (outcome: CellOutcome) => void): Promise<void> {
  const deno = await fetchRuntime(NOTEBOOK_DENO);
  const folder = await mkdtemp(join(tmpdir(), "codex-notebook-"));
  try {
    await layOutProject(folder);
    await using harness = await startHarness();
    playNotebookModel(harness.model);
    await using kernel = await JupyterKernel.start(
      [deno, "jupyter", "--kernel", "--conn"],
      folder,
      {
        ...process.env,
        CODEX_HOME: harness.codexHome,
        HOME: dirname(harness.codexHome),
        DENO_DIR: join(folder, "deno"),
        NO_PROXY: "127.0.0.1,localhost",
      },
    );
    for (const code of await codeCells()) {
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await kernel.run(code);
      onCell(outcome);
      if (outcome.status !== "ok") break;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lays out the folder of a user who has installed the SDK. */
async function layOutProject(target: string): Promise<void> {
  const modules = join(target, "node_modules", "@openai");
  await mkdir(modules, { recursive: true });
  const manifest = { type: "module", dependencies: { "@openai/codex": "*" } };
  await writeFile(join(target, "package.json"), JSON.stringify(manifest));
  await symlink(join(root, "packages/codex"), join(modules, "codex"), "junction");
}

async function codeCells(): Promise<string[]> {
  const notebook: { cells: { cell_type: string; source: string[] }[] } = JSON.parse(
    await readFile(join(root, "notebooks/walkthrough.ipynb"), "utf8"),
  );
  return notebook.cells
    .filter((cell) => cell.cell_type === "code")
    .map((cell) => cell.source.join(""));
}
