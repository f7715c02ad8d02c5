import { type Dirent, lstatSync, realpathSync, statSync } from "node:fs";
import { chmod, copyFile, mkdir, readdir } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";

import { PackagePaths } from "./packagePaths.js";
import { ReleaseError } from "./releaseError.js";
import { STAGING_MARKER } from "./replaceFolder.js";

/**
 * Copies a file or folder for a package. A symbolic link to a file of the same folder becomes a copy of
 * that file; a package has only plain files and folders. The copies can be written and removed by this
 * user, also if the originals cannot.
 *
 * @param isWanted Decides about each file; by default all but the marker of staging are copied.
 * @throws ReleaseError `INVALID_PACKAGE` for a link that leads out of the folder, to a folder, or nowhere,
 * for pipes, sockets and devices, and for names that not every system can have. Nothing has been written
 * then.
 */
export async function copyTree(
  from: string,
  to: string,
  isWanted: (path: string) => boolean = (path) => basename(path) !== STAGING_MARKER,
): Promise<void> {
  // The path that the caller names may be a link itself; what is below it may not lead out of it.
  const root = realpathSync(from);
  if (statSync(root).isFile()) {
    await mkdir(dirname(to), { recursive: true });
    await copyPlain(root, to);
    return;
  }
  if (isInside(root, resolve(to))) {
    throw refusal(from, `contains the folder that is staged (${to}). Stage to another one`);
  }
  await checkPlain(root, root, new PackagePaths());
  await copyFolder(root, to, isWanted);
}

async function copyFolder(
  from: string,
  to: string,
  isWanted: (path: string) => boolean,
): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await entriesOf(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, target, isWanted);
    else if (isWanted(source)) await copyPlain(source, target);
  }
}

async function copyPlain(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  // The owner may read and write; programs keep their executable bits.
  await chmod(to, (statSync(from).mode & 0o777) | 0o600);
}

async function checkPlain(folder: string, root: string, paths: PackagePaths): Promise<void> {
  for (const { name } of await entriesOf(folder)) {
    const path = join(folder, name);
    const stats = lstatSync(path);
    if (stats.isSymbolicLink()) checkLink(path, root);
    else if (!stats.isDirectory() && !stats.isFile()) {
      throw refusal(path, "is a pipe, socket or device");
    }
    const problem = paths.add(relative(root, path).split(sep).join("/"), !stats.isDirectory());
    if (problem !== null) throw refusal(root, `contains ${problem}`);
    if (stats.isDirectory()) await checkPlain(path, root, paths);
  }
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  return readdir(folder, { withFileTypes: true });
}

function checkLink(path: string, root: string): void {
  let target: string;
  try {
    target = realpathSync(path);
  } catch (cause) {
    throw refusal(path, "is a symbolic link that leads nowhere", cause);
  }
  if (!isInside(root, target)) {
    throw refusal(path, `is a symbolic link to ${target}, outside the folder`);
  }
  if (!statSync(target).isFile()) throw refusal(path, "is a symbolic link to a folder");
}

function isInside(folder: string, path: string): boolean {
  const first = relative(folder, path).split(sep)[0];
  // On Windows the relative path to another drive is absolute.
  return first !== ".." && path.startsWith(folder);
}

function refusal(path: string, problem: string, cause?: unknown): ReleaseError {
  return new ReleaseError(
    "INVALID_PACKAGE",
    `${path} ${problem}. A package has only plain files and folders.`,
    cause === undefined ? undefined : { cause },
  );
}
