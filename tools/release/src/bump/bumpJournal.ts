import { existsSync } from "node:fs";
import { cp, mkdir, rename, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";

import { readJsonObject, writeJson } from "../json.js";
import { ReleaseError } from "../releaseError.js";
import { removeTree } from "../removeTree.js";

/** The folder of the checkout for the files of a running bump. Git ignores it; the end of a bump removes it. */
export const BUMP_FOLDER = ".bump";

const SCRATCH = `${BUMP_FOLDER}/scratch`;
const JOURNAL = `${BUMP_FOLDER}/journal`;
const DRAFT = `${JOURNAL}.draft`;
const DONE = `${JOURNAL}.done`;
const DESCRIPTION = "journal.json";

/** The copies that undo a bump, as the journal on the disk describes them. */
export interface BumpJournal {
  readonly from: string;
  readonly to: string;
  /** Commit of the checkout at the start of the bump; null where git does not know one. */
  readonly commit: string | null;
  /** The files and folders that the bump may change, relative to the checkout. */
  readonly paths: readonly string[];
}

/** An empty folder for this bump, inside the checkout: what a killed bump left there is removed. */
export async function scratchFolder(root: string): Promise<string> {
  const folder = join(root, SCRATCH);
  await removeTree(folder);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Removes the folder of {@link scratchFolder}, and a journal that was not completed. */
export async function removeScratch(root: string): Promise<void> {
  for (const path of [SCRATCH, DRAFT, DONE]) {
    await removeTree(join(root, path));
  }
  // The folder stays if it has a journal, or names the process that works in it.
  await rmdir(join(root, BUMP_FOLDER)).catch(() => {});
}

/** Copies `paths`, so that {@link restoreFiles} can restore them. The journal is on the disk as a whole or not at all. */
export async function beginJournal(root: string, journal: BumpJournal): Promise<void> {
  const draft = join(root, DRAFT);
  await removeTree(draft);
  for (const path of journal.paths) await copyIfThere(join(root, path), join(draft, "files", path));
  await writeJson(join(draft, DESCRIPTION), journal);
  await rename(draft, join(root, JOURNAL));
}

/** The journal of a bump that did not end; null if there is none. */
export function openJournal(root: string): BumpJournal | null {
  const file = join(root, JOURNAL, DESCRIPTION);
  if (!existsSync(file)) return null;
  const { from, to, commit, paths } = readJsonObject(file);
  if (typeof from === "string" && typeof to === "string" && Array.isArray(paths)) {
    return {
      from,
      to,
      commit: typeof commit === "string" ? commit : null,
      paths: paths.map(String),
    };
  }
  throw new ReleaseError(
    "BUMP_FAILED",
    `${file} is not the journal of a bump. Restore the checkout with git, and delete ${BUMP_FOLDER}.`,
  );
}

/** Restores the files of a journal. Interrupted, it can be run again: the copies stay until {@link endJournal}. */
export async function restoreFiles(root: string, { paths }: BumpJournal): Promise<void> {
  for (const path of paths) {
    await removeTree(join(root, path));
    await copyIfThere(join(root, JOURNAL, "files", path), join(root, path));
  }
}

/** Removes the journal, once the files and the installation are those of one version. */
export async function endJournal(root: string): Promise<void> {
  const [journal, done] = [join(root, JOURNAL), join(root, DONE)];
  await removeTree(done);
  // Renamed first, so that a removal which is interrupted does not leave half a journal.
  if (existsSync(journal)) await rename(journal, done);
  await removeTree(done);
}

async function copyIfThere(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return;
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true });
}
