import { lstatSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

import { create } from "tar";

import { parseExecutableHeader } from "./executable/executable.js";
import { readJsonObject, stringMap } from "./json.js";
import { PackagePaths } from "./packagePaths.js";
import { ReleaseError } from "./releaseError.js";
import { STAGING_MARKER } from "./replaceFolder.js";
import { systemErrorOf } from "./systemError.js";

/** Modification time of every packed file, the one that npm uses: equal folders give equal tarballs. */
const MTIME = new Date("1985-10-26T08:15:00.000Z");

/**
 * Packs a staged folder into an npm tarball at `file`. Programs get mode 755 and all other files 644, by
 * their content: Windows keeps no modes, so neither npm nor pnpm packs a program there as one.
 *
 * @throws ReleaseError `INVALID_PACKAGE` for a name that Windows cannot have, `SYSTEM_ERROR`.
 */
export async function packFolder(folder: string, file: string): Promise<void> {
  const paths = await filesIn(folder);
  const programs = new Set<string>();
  for (const path of paths) if (await isProgram(join(folder, path))) programs.add(path);
  try {
    await create(
      {
        file,
        cwd: folder,
        gzip: { level: 9 },
        portable: true,
        prefix: "package",
        mtime: MTIME,
        strict: true,
        onWriteEntry: (entry) => {
          if (entry.stat !== undefined)
            entry.stat.mode = programs.has(entry.path.replace(/^\.\//, "")) ? 0o755 : 0o644;
        },
      },
      // tar takes a leading @ for the name of an archive to read.
      paths.map((path) => `./${path}`),
    );
  } catch (cause) {
    throw systemErrorOf(cause) ?? cause;
  }
}

/** Packs staged folders into `destination`, one after the other; returns the tarballs' paths in the same order. */
export async function packFolders(
  folders: readonly string[],
  destination: string,
): Promise<readonly string[]> {
  const tarballs: string[] = [];
  for (const folder of folders) {
    const { name, version } = stringMap(readJsonObject(join(folder, "package.json")));
    const tarball = join(destination, tarballName(name ?? "", version ?? ""));
    await packFolder(folder, tarball);
    tarballs.push(tarball);
  }
  return tarballs;
}

/** The file name that npm gives to the tarball of a package. */
export function tarballName(name: string, version: string): string {
  return `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
}

/** Returns whether the file at `path` is a program for any platform: by its header, or by its `#!` line. */
export async function isProgram(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return isProgramContent(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/** Like {@link isProgram}, for the first bytes of a file. */
export function isProgramContent(bytes: Buffer): boolean {
  return (
    bytes.toString("latin1", 0, 2) === "#!" || parseExecutableHeader(bytes)?.isProgram === true
  );
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  const known = new PackagePaths();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) continue;
    const name = relative(folder, path).split(sep).join("/");
    if (name === STAGING_MARKER) continue;
    if (!lstatSync(path).isFile()) {
      throw new ReleaseError("INVALID_PACKAGE", `${path} is not a plain file.`);
    }
    const problem = known.add(name, true);
    if (problem !== null)
      throw new ReleaseError("INVALID_PACKAGE", `${folder} contains ${problem}.`);
    paths.push(name);
  }
  // The manifest first, as in the tarballs of npm: a registry need not read the rest.
  const rank = (path: string): number => (path === "package.json" ? 0 : 1);
  return paths.toSorted((left, right) => rank(left) - rank(right) || (left < right ? -1 : 1));
}
