import { readFileSync, readdirSync, realpathSync, statSync, type Stats } from "node:fs";
import path from "node:path";

import { isAbsent, systemFailure } from "./systemErrors.js";
import type { Target } from "./targets.js";

/** Locations in an unpacked Codex package. All paths are absolute. */
export interface Layout {
  /** Root of the package: the folder of `codex-package.json`, `vendor/<triple>` in npm packages. */
  readonly packageDir: string;
  readonly codexPath: string;
  /** Folder of the tools that the runtime expects on its PATH (`rg`), or `null`. */
  readonly pathDir: string | null;
  /** Version in `codex-package.json`; `null` in the older layout, which does not have that file. */
  readonly version: string | null;
  /** Target in `codex-package.json`, or `null`. */
  readonly triple: string | null;
}

/** Result of reading a platform package for one target. */
export type LayoutReading =
  | { readonly kind: "found"; readonly layout: Layout }
  | { readonly kind: "otherPlatform"; readonly triples: readonly string[] }
  | { readonly kind: "damaged"; readonly reason: string };

/**
 * Reads the `vendor` folder of a platform package.
 *
 * @throws {CodexCliBinError} if the system cannot read a file that exists: that is not a damaged package.
 */
export function readLayout(npmPackageDir: string, target: Target): LayoutReading {
  const vendor = path.join(npmPackageDir, "vendor");
  const packageDir = path.join(vendor, target.triple);
  if (!isDirectory(packageDir)) {
    const triples = foldersIn(vendor);
    return triples.length > 0
      ? { kind: "otherPlatform", triples }
      : { kind: "damaged", reason: `the folder ${packageDir} does not exist` };
  }
  const described = readDescription(packageDir);
  if (described.kind !== "absent") {
    return described;
  }
  // The layout of older runtimes (0.116): fixed locations, and no description.
  const codexPath = path.join(packageDir, "codex", target.executable);
  if (!exists(codexPath)) {
    return {
      kind: "damaged",
      reason: `${packageDir} has neither codex-package.json nor codex/${target.executable}`,
    };
  }
  const pathDir = folderOrNull(path.join(packageDir, "path"));
  return { kind: "found", layout: { packageDir, codexPath, pathDir, version: null, triple: null } };
}

/**
 * Returns the layout whose entry point an executable is, or `null` if it is not part of a package.
 * Links, letter case and the forms of a Windows path (`\\?\C:\…`) do not matter.
 */
export function layoutAround(codexPath: string): Layout | null {
  const file = canonicalPath(codexPath);
  try {
    // The entry point is in a folder of the package (bin/codex).
    const reading = readDescription(path.dirname(path.dirname(file)));
    return reading.kind === "found" && canonicalPath(reading.layout.codexPath) === file
      ? { ...reading.layout, codexPath }
      : null;
  } catch {
    // An unreadable neighbour does not keep the executable from running.
    return null;
  }
}

/**
 * Returns the one path of a file, by the first resolver that succeeds. The native one knows the letter
 * case on disk and every form of a Windows path, but fails on some virtual drives.
 */
export function canonicalPath(
  file: string,
  resolvers: readonly ((file: string) => string)[] = [realpathSync.native, realpathSync],
): string {
  for (const resolve of resolvers) {
    try {
      return resolve(file);
    } catch {
      // The next one may succeed.
    }
  }
  return path.resolve(file);
}

function readDescription(
  packageDir: string,
): Exclude<LayoutReading, { kind: "otherPlatform" }> | { readonly kind: "absent" } {
  const file = path.join(packageDir, "codex-package.json");
  const text = readIfThere(file);
  if (text === null) {
    return { kind: "absent" };
  }
  let description: unknown;
  try {
    description = JSON.parse(text);
  } catch (error) {
    return { kind: "damaged", reason: `${file} is not valid JSON: ${String(error)}` };
  }
  const entrypoint = stringMember(description, "entrypoint");
  const codexPath = entrypoint === null ? null : inside(packageDir, entrypoint);
  if (codexPath === null) {
    return { kind: "damaged", reason: `${file} does not name an entrypoint inside its folder` };
  }
  if (!exists(codexPath)) {
    return { kind: "damaged", reason: `${file} names ${codexPath}, which does not exist` };
  }
  const named = stringMember(description, "pathDir");
  const pathDir = named === null ? null : inside(packageDir, named);
  return {
    kind: "found",
    layout: {
      packageDir,
      codexPath,
      pathDir: pathDir === null ? null : folderOrNull(pathDir),
      version: stringMember(description, "version"),
      triple: stringMember(description, "target"),
    },
  };
}

/**
 * Returns the text of a file, or `null` if it does not exist.
 *
 * @throws {CodexCliBinError} if the system cannot read it.
 */
export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isAbsent(error)) return null;
    throw systemFailure(error, "read", file);
  }
}

/** Returns the string member `key` of a JSON value, or `null`. */
export function stringMember(value: unknown, key: string): string | null {
  if (typeof value !== "object" || value === null) {
    return null;
  }
  const member: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
  return typeof member === "string" ? member : null;
}

function inside(folder: string, relative: string): string | null {
  const full = path.resolve(folder, relative);
  return full.startsWith(folder + path.sep) ? full : null;
}

function exists(file: string): boolean {
  return statIfThere(file) !== null;
}

function isDirectory(file: string): boolean {
  return statIfThere(file)?.isDirectory() === true;
}

function statIfThere(file: string): Stats | null {
  try {
    return statSync(file);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw systemFailure(error, "stat", file);
  }
}

function folderOrNull(folder: string): string | null {
  return isDirectory(folder) ? folder : null;
}

function foldersIn(folder: string): string[] {
  if (!isDirectory(folder)) return [];
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    throw systemFailure(error, "read", folder);
  }
}
