import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, rename } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";

import { isRecord, parseJson, writeJson } from "./json.js";
import { ReleaseError } from "./releaseError.js";
import { inScratchFolder } from "./scratchFolder.js";
import { systemErrorOf } from "./systemError.js";

/**
 * File that marks a folder as a result of staging, and lists what staging wrote into it. Only
 * {@link replaceFolder} writes it, and no tarball holds it.
 */
export const STAGING_MARKER = ".codex-release-staged";
const MARKER_NOTE =
  "This folder was written by the release tool, which replaces it as a whole. Keep nothing else in it.";

/** Folders in which a result of staging is built before it takes its place. */
export interface Workplace {
  /** Empty; becomes the folder if all goes well. */
  readonly folder: string;
  /** Empty; on the same file system, removed in any case. */
  readonly scratch: string;
}

/**
 * Builds a folder as a whole or not at all: in a scratch folder beside `out`, which is renamed at the end.
 * Replaces an earlier result at `out`, and never anything else: no file, no symbolic link, no folder
 * without the marker that this function writes, and none with a file that is not in the marker's list.
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
    const written = (await readdir(workplace.folder, { recursive: true })).map(withSlashes);
    const marker = { note: MARKER_NOTE, written: written.toSorted() };
    await writeJson(join(workplace.folder, STAGING_MARKER), marker);
    // Building takes minutes; what stands at `out` now may be something else than at the start.
    checkReplaceable(target);
    const replaced = existsSync(target) ? join(root, "replaced") : null;
    if (replaced !== null) await rename(target, replaced);
    try {
      await rename(workplace.folder, target);
    } catch (error) {
      if (replaced !== null) await rename(replaced, target);
      throw error;
    }
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
  const entries = readdirSync(target, { recursive: true, encoding: "utf8" }).map(withSlashes);
  if (entries.length === 0) return;
  const written = readMarker(target);
  if (written === null)
    throw refuse("exists and was not made by this command, so it is not replaced");
  const stranger = entries.find((entry) => entry !== STAGING_MARKER && !written.has(entry));
  if (stranger !== undefined) {
    throw refuse(`holds ${stranger}, which this command did not write, so it is not replaced`);
  }
}

/** The paths that staging wrote into a folder; null without a marker of this version of the tool. */
function readMarker(target: string): ReadonlySet<string> | null {
  const file = join(target, STAGING_MARKER);
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return null;
  let marker: unknown;
  try {
    marker = parseJson(readFileSync(file, "utf8"), file);
  } catch (error) {
    if (error instanceof ReleaseError) return null;
    throw error;
  }
  if (!isRecord(marker) || marker["note"] !== MARKER_NOTE || !Array.isArray(marker["written"])) {
    return null;
  }
  return new Set(marker["written"].map(String));
}

function withSlashes(path: string): string {
  return path.split(sep).join("/");
}
