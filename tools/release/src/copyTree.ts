import { lstatSync, realpathSync, statSync } from "node:fs";
import { copyFile, cp, mkdir, readdir } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";

import { ReleaseError } from "./releaseError.js";
import { STAGING_MARKER } from "./replaceFolder.js";

/**
 * Copies a file or folder for a package. A symbolic link to a file of the same folder becomes a copy of
 * that file; a package has only plain files and folders.
 *
 * @param isWanted Decides about each file; by default all but the marker of staging are copied.
 * @throws ReleaseError `INVALID_PACKAGE` for a link that leads out of the folder, to a folder, or nowhere,
 * and for pipes, sockets and devices. Nothing has been written then.
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
    await copyFile(root, to);
    return;
  }
  await checkPlain(root, root);
  await cp(root, to, {
    recursive: true,
    dereference: true,
    filter: (path) => statSync(path).isDirectory() || isWanted(path),
  });
}

async function checkPlain(folder: string, root: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stats = lstatSync(path);
    if (stats.isDirectory()) await checkPlain(path, root);
    else if (stats.isSymbolicLink()) checkLink(path, root);
    else if (!stats.isFile()) {
      throw refusal(path, "is a pipe, socket or device");
    }
  }
}

function checkLink(path: string, root: string): void {
  let target: string;
  try {
    target = realpathSync(path);
  } catch (cause) {
    throw refusal(path, "is a symbolic link that leads nowhere", cause);
  }
  if (relative(root, target).split(sep)[0] === ".." || !target.startsWith(root)) {
    throw refusal(path, `is a symbolic link to ${target}, outside the folder`);
  }
  if (!statSync(target).isFile()) throw refusal(path, "is a symbolic link to a folder");
}

function refusal(path: string, problem: string, cause?: unknown): ReleaseError {
  return new ReleaseError(
    "INVALID_PACKAGE",
    `${path} ${problem}. A package has only plain files and folders.`,
    cause === undefined ? undefined : { cause },
  );
}
