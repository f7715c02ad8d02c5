import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { stringMember } from "./layout.js";
import { PACKAGE_NAME } from "./targets.js";

/** Finds installed packages as Node's own resolution does from one file. */
export interface PackageLookup {
  /** The file that the search starts from, or `null` where there is none (a compiled executable). */
  readonly from: string | null;
  /** Whether that file is no longer part of this package: a bundler has moved the code. */
  readonly isBundled: boolean;
  /** The path of the package's `package.json`, symbolic links resolved, or `undefined`. */
  find(packageName: string): string | undefined;
}

/**
 * @param moduleUrl `import.meta.url`: `undefined` in a bundle to CommonJS, virtual in a compiled executable.
 * @param moduleFile CommonJS's `__filename`, where a bundler has left it.
 */
export function packageLookup(
  moduleUrl: string | undefined,
  moduleFile: string | undefined,
): PackageLookup {
  const from = existingFile(moduleUrl) ?? existingFile(moduleFile);
  if (from === null) {
    return { from, isBundled: true, find: () => undefined };
  }
  const isBundled = !isOwnFile(from);
  // In a bundle the platform package may be out of sight (pnpm, yarn: only what the application itself
  // depends on is), so go the way that the dependencies go. The version is checked in any case.
  const detours = isBundled
    ? [[PACKAGE_NAME], ["@openai/codex"], ["@openai/codex", PACKAGE_NAME]]
    : [];
  return {
    from,
    isBundled,
    find: (packageName) =>
      [[], ...detours]
        .map((detour) => follow(from, [...detour, packageName]))
        .find((manifest) => manifest !== undefined),
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

function isOwnFile(file: string): boolean {
  try {
    // src/ and dist/ both lie one below the package's folder.
    const manifest = path.join(path.dirname(path.dirname(file)), "package.json");
    const content: unknown = JSON.parse(readFileSync(manifest, "utf8"));
    return stringMember(content, "name") === PACKAGE_NAME;
  } catch {
    return false;
  }
}
