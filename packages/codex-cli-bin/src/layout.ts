import { readFileSync, readdirSync, realpathSync, statSync, type Stats } from "node:fs";
import path from "node:path";

import type { Target } from "./targets.js";

/** Where the parts of an unpacked Codex package lie. All paths are absolute. */
export interface Layout {
  /** The package's root: the folder of `codex-package.json`, `vendor/<triple>` in npm packages. */
  readonly packageDir: string;
  readonly codexPath: string;
  /** The folder of the tools that the runtime expects on its PATH (`rg`), or `null`. */
  readonly pathDir: string | null;
  /** What `codex-package.json` says; `null` in the older layout, which has no such file. */
  readonly version: string | null;
  readonly triple: string | null;
}

/** What a platform package holds, seen for one target. */
export type LayoutReading =
  | { readonly kind: "found"; readonly layout: Layout }
  | { readonly kind: "foreign"; readonly triples: readonly string[] }
  | { readonly kind: "damaged"; readonly reason: string };

/** Reads the `vendor` folder of a platform package. */
export function readLayout(npmPackageDir: string, target: Target): LayoutReading {
  const vendor = path.join(npmPackageDir, "vendor");
  const packageDir = path.join(vendor, target.triple);
  if (!isDirectory(packageDir)) {
    const triples = foldersIn(vendor);
    return triples.length > 0
      ? { kind: "foreign", triples }
      : { kind: "damaged", reason: `the folder ${packageDir} is not there` };
  }
  const described = readDescription(packageDir);
  if (described.kind !== "absent") {
    return described;
  }
  // The layout of older runtimes (0.116): no description, fixed places.
  const codexPath = path.join(packageDir, "codex", target.executable);
  if (!exists(codexPath)) {
    return {
      kind: "damaged",
      reason: `${packageDir} holds neither codex-package.json nor codex/${target.executable}`,
    };
  }
  const pathDir = folderOrNull(path.join(packageDir, "path"));
  return { kind: "found", layout: { packageDir, codexPath, pathDir, version: null, triple: null } };
}

/** The layout that an executable is the entry point of, or `null` if it stands alone. */
export function layoutAround(codexPath: string): Layout | null {
  const file = realpathSync(codexPath);
  // The entry point lies one folder deep (bin/codex).
  const reading = readDescription(path.dirname(path.dirname(file)));
  return reading.kind === "found" && realpathOr(reading.layout.codexPath) === file
    ? { ...reading.layout, codexPath }
    : null;
}

function readDescription(
  packageDir: string,
): Exclude<LayoutReading, { kind: "foreign" }> | { readonly kind: "absent" } {
  const file = path.join(packageDir, "codex-package.json");
  let description: unknown;
  try {
    description = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return exists(file)
      ? { kind: "damaged", reason: `${file} cannot be read: ${String(error)}` }
      : { kind: "absent" };
  }
  const entrypoint = stringMember(description, "entrypoint");
  const codexPath = entrypoint === null ? null : inside(packageDir, entrypoint);
  if (codexPath === null) {
    return { kind: "damaged", reason: `${file} names no entrypoint inside its folder` };
  }
  if (!exists(codexPath)) {
    return { kind: "damaged", reason: `${file} names ${codexPath}, which is not there` };
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

/** The string member `key` of a JSON value, or `null`. */
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
  return statOrNull(file) !== null;
}

function isDirectory(file: string): boolean {
  return statOrNull(file)?.isDirectory() === true;
}

function statOrNull(file: string): Stats | null {
  try {
    return statSync(file);
  } catch {
    return null;
  }
}

function folderOrNull(folder: string): string | null {
  return isDirectory(folder) ? folder : null;
}

function foldersIn(folder: string): string[] {
  return isDirectory(folder) ? readdirSync(folder).toSorted() : [];
}

function realpathOr(file: string): string | null {
  try {
    return realpathSync(file);
  } catch {
    return null;
  }
}
