import { existsSync, lstatSync, readlinkSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { readIfThere, stringMember } from "./layout.js";
import { describeSystemError, errnoOf, isAbsent } from "./systemErrors.js";
import { PACKAGE_NAME } from "./targets.js";

/** Finds installed packages as Node's own resolution does from one file. */
export interface PackageLookup {
  /** File from which packages are resolved, or `null` if there is none (a compiled executable). */
  readonly from: string | null;
  /** `true` if that file is not part of this package: a bundler moved the code. */
  readonly isBundled: boolean;
  /**
   * `true` if this package was copied without its readme and licence, as tracers do that copy only the
   * files that a program imports (Next.js, Vercel).
   */
  readonly isTraced: boolean;
  /** Returns the path of the package's `package.json`, symbolic links resolved, or `undefined`. */
  find(packageName: string): string | undefined;
  /** Describes a folder entry of that name which exists, but cannot be used, or returns `undefined`. */
  obstacle(packageName: string): string | undefined;
}

/**
 * Makes the lookup for one module of this package.
 *
 * @param moduleUrl `import.meta.url`: `undefined` in a CommonJS bundle, virtual in a compiled executable.
 * @param moduleFile `__filename` of CommonJS, where a bundler keeps it.
 * @throws {CodexCliBinError} if the system cannot read this package's own manifest.
 */
export function packageLookup(
  moduleUrl: string | undefined,
  moduleFile: string | undefined,
): PackageLookup {
  const from = existingFile(moduleUrl) ?? existingFile(moduleFile);
  if (from === null) {
    const nothing = (): undefined => undefined;
    return { from, isBundled: true, isTraced: false, find: nothing, obstacle: nothing };
  }
  // src/ and dist/ are both directly below the package's folder.
  const folder = path.dirname(path.dirname(from));
  const isBundled = !isOwnFolder(folder);
  // From a bundle the platform package may not be visible (pnpm, yarn: only the application's own
  // dependencies are), so the search follows the dependencies. The version is checked in any case.
  const detours = isBundled
    ? [[PACKAGE_NAME], ["@openai/codex"], ["@openai/codex", PACKAGE_NAME]]
    : [];
  return {
    from,
    isBundled,
    isTraced: !isBundled && !["README.md", "LICENSE"].some((name) => isThere(folder, name)),
    find: (packageName) =>
      [[], ...detours]
        .map((detour) => follow(from, [...detour, packageName]))
        .find((manifest) => manifest !== undefined),
    obstacle: (packageName) => obstacleFrom(from, packageName),
  };
}

function follow(from: string, packageNames: readonly string[]): string | undefined {
  return packageNames.reduce<string | undefined>(
    (file, packageName) => (file === undefined ? undefined : manifestOf(packageName, file)),
    from,
  );
}

function manifestOf(packageName: string, from: string): string | undefined {
  try {
    return createRequire(from).resolve(`${packageName}/package.json`);
  } catch {
    return undefined;
  }
}

/** Node's resolution treats an entry that it cannot inspect like one that does not exist. */
function obstacleFrom(from: string, packageName: string): string | undefined {
  const folders = createRequire(from).resolve.paths(packageName) ?? [];
  for (const folder of folders) {
    const entry = path.join(folder, packageName);
    try {
      lstatSync(entry);
    } catch (error) {
      if (isAbsent(error)) continue;
      return describeSystemError(error, "stat", entry);
    }
    try {
      statSync(path.join(entry, "package.json"));
    } catch (error) {
      if (!isAbsent(error)) return describeSystemError(error, "stat", entry);
      if (!existsSync(entry))
        return `${entry} is a link to ${linkTarget(entry)}, which does not exist.`;
      return `${entry} exists, but does not have a package.json (${errnoOf(error)}).`;
    }
  }
  return undefined;
}

function linkTarget(entry: string): string {
  try {
    return readlinkSync(entry);
  } catch {
    return "another folder";
  }
}

function existingFile(urlOrPath: string | undefined): string | null {
  if (urlOrPath === undefined) {
    return null;
  }
  try {
    const file = urlOrPath.startsWith("file:") ? fileURLToPath(urlOrPath) : urlOrPath;
    // Executables made by bun show their own modules as files of a virtual folder.
    const isVirtual = /^(?:[A-Z]:)?[\\/](?:\$bunfs|~BUN)[\\/]/i.test(file);
    return path.isAbsolute(file) && !isVirtual && existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

function isOwnFolder(folder: string): boolean {
  const text = readIfThere(path.join(folder, "package.json"));
  if (text === null) return false;
  try {
    return stringMember(JSON.parse(text), "name") === PACKAGE_NAME;
  } catch {
    return false;
  }
}

function isThere(folder: string, name: string): boolean {
  return existsSync(path.join(folder, name));
}
