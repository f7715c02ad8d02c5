import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

import { ReleaseError } from "./releaseError.js";
import { inScratchFolder } from "./scratchFolder.js";
import { systemErrorOf } from "./systemError.js";

/** File that marks a folder as a result of staging. Only {@link replaceFolder} writes it, and no tarball holds it. */
export const STAGING_MARKER = ".codex-release-staged";
const MARKER_TEXT =
  "This folder was written by the release tool, which replaces it as a whole. Keep nothing else in it.\n";

/** Folders in which a result of staging is built before it takes its place. */
export interface Workplace {
  /** Empty; becomes the folder if all goes well. */
  readonly folder: string;
  /** Empty; on the same file system, removed in any case. */
  readonly scratch: string;
}

/**
 * Builds a folder as a whole or not at all: in a scratch folder beside `out`, which is renamed at the end.
 * Replaces an earlier result at `out`, and never anything else: no file, no symbolic link, and no folder
 * without the marker that this function writes.
 *
 * @throws ReleaseError `INVALID_ARGUMENT` if `out` is something that this function did not make.
 */
export async function replaceFolder<T>(
  out: string,
  build: (workplace: Workplace) => Promise<T>,
): Promise<T> {
  const target = resolve(out);
  checkReplaceable(target);
  await mkdir(dirname(target), { recursive: true });
  return inScratchFolder(dirname(target), `.${basename(target)}-staging-`, async (root) => {
    const workplace = { folder: join(root, "folder"), scratch: join(root, "scratch") };
    await mkdir(workplace.folder);
    await mkdir(workplace.scratch);
    const result = await build(workplace).catch((error: unknown) => {
      throw atTarget(error, workplace.folder, target);
    });
    await writeFile(join(workplace.folder, STAGING_MARKER), MARKER_TEXT);
    // Building takes minutes; what stands at `out` now may be something else than at the start.
    checkReplaceable(target);
    if (existsSync(target)) await rename(target, join(root, "replaced"));
    await rename(workplace.folder, target);
    return result;
  });
}

/** Names the folder in the message of an error as it was to be: the one that is built in is removed. */
function atTarget(cause: unknown, built: string, target: string): unknown {
  const error = cause instanceof ReleaseError ? cause : systemErrorOf(cause);
  if (error === null || !error.message.includes(built)) return cause;
  return new ReleaseError(error.code, error.message.replaceAll(built, target), { cause });
}

function checkReplaceable(target: string): void {
  const stats = lstatSync(target, { throwIfNoEntry: false });
  if (stats === undefined) return;
  const refuse = (reason: string): ReleaseError =>
    new ReleaseError("INVALID_ARGUMENT", `${target} ${reason}. Name another folder, or remove it.`);
  if (stats.isSymbolicLink()) throw refuse("is a symbolic link, which is not replaced");
  if (!stats.isDirectory()) throw refuse("is a file, which is not replaced");
  const marker = lstatSync(join(target, STAGING_MARKER), { throwIfNoEntry: false });
  if (marker?.isFile() && readFileSync(join(target, STAGING_MARKER), "utf8") === MARKER_TEXT) {
    if (!existsSync(join(target, ".git"))) return;
    throw refuse("holds a git repository, so it is not replaced");
  }
  if (readdirSync(target).length === 0) return;
  throw refuse("exists and was not made by this command, so it is not replaced");
}
