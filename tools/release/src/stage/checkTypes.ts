import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";

import { ReleaseError } from "../releaseError.js";
import type { Repository } from "../repository.js";
import { inScratchFolder } from "../scratchFolder.js";

/** Folder of the generated protocol types, which are checked in. */
export const GENERATED_FOLDER = "packages/codex-types/src/generated";

/** Writes the protocol types of the pinned runtime, which `repository` names, into a folder. */
export type GenerateTypes = (repository: Repository, outDir: string) => Promise<void>;

/**
 * Generates the protocol types anew and compares them with those that are checked in.
 *
 * @throws ReleaseError `TYPES_DRIFTED` with the files that differ.
 */
export async function checkTypes(repository: Repository, generate: GenerateTypes): Promise<void> {
  await inScratchFolder(tmpdir(), "codex-release-types-", async (scratch) => {
    const fresh = join(scratch, "generated");
    await generate(repository, fresh);
    const differing = await compareFolders(join(repository.root, GENERATED_FOLDER), fresh);
    if (differing.length === 0) return;
    const shown = differing.slice(0, 5).join(", ");
    const more = differing.length > 5 ? ` and ${differing.length - 5} more` : "";
    throw new ReleaseError(
      "TYPES_DRIFTED",
      `${GENERATED_FOLDER} is not what the runtime ${repository.version.npm} generates: ${shown}${more}. Run \`pnpm generate\`, look at the difference, and commit it.`,
    );
  });
}

/** The paths that are in one folder only, or with another content; sorted. */
async function compareFolders(left: string, right: string): Promise<readonly string[]> {
  const [lefts, rights] = await Promise.all([filesIn(left), filesIn(right)]);
  const differing: string[] = [];
  for (const path of new Set([...lefts, ...rights])) {
    const isSame =
      lefts.has(path) &&
      rights.has(path) &&
      (await readFile(join(left, path))).equals(await readFile(join(right, path)));
    if (!isSame) differing.push(path);
  }
  return differing.toSorted();
}

async function filesIn(folder: string): Promise<ReadonlySet<string>> {
  if (!existsSync(folder)) return new Set();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return new Set(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/")),
  );
}
