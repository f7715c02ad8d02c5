import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { PLATFORM_PACKAGE_PREFIX, targets } from "./platforms.js";
import { ReleaseError } from "./releaseError.js";
import { LANE } from "./repository.js";

/** Scope under which the packages are written, and published by default. */
export const OWN_SCOPE = "@openai";

/** The names of all packages of a release, in the order in which they are published. */
export const OWN_NAMES: readonly string[] = [
  ...targets.map(({ packageName }) => packageName),
  ...LANE.map(({ name }) => name),
];

/**
 * Parses a scope such as `@you`.
 *
 * @throws ReleaseError `INVALID_ARGUMENT`
 */
export function parseScope(text: string): string {
  if (/^@[a-z0-9][a-z0-9._-]*$/.test(text)) return text;
  throw new ReleaseError(
    "INVALID_ARGUMENT",
    `${JSON.stringify(text)} is not an npm scope. Write it as @you: lower-case letters, digits, dots, hyphens.`,
  );
}

/** The name of one of our packages under a scope. */
export function inScope(name: string, scope: string): string {
  return name.replace(OWN_SCOPE, scope);
}

/** The name that a package of a scope has in this repository. */
export function ownNameOf(name: string): string {
  return name.replace(/^@[^/]+/, OWN_SCOPE);
}

/** Files of our packages that name packages: code, declarations, manifests and readmes. */
const TEXT_FILE = /\.([cm]?js|[cm]?ts|json|md)$/;
/** Every name of ours as a whole (`@openai/codex-sdk` is another package), and the start of platform names. */
const OUR_NAME = new RegExp(
  `(?:${OWN_NAMES.toSorted((left, right) => right.length - left.length).join("|")})(?![\\w-])|${PLATFORM_PACKAGE_PREFIX}(?=["'\`$<])`,
  "g",
);

/**
 * Renames our packages in a staged folder to those of `scope`: its manifest, its imports, and the texts
 * that name to a user what to install. Dependency aliases would do for the imports, but an error message would
 * still advise to install a package of another owner.
 */
export async function moveToScope(folder: string, scope: string): Promise<void> {
  if (scope === OWN_SCOPE) return;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // What is in `vendor` is the runtime's own, and checked by hashes.
    if (!entry.isFile() || !TEXT_FILE.test(entry.name) || path.includes(join(folder, "vendor"))) {
      continue;
    }
    const text = await readFile(path, "utf8");
    const moved = text.replaceAll(OUR_NAME, (name) => inScope(name, scope));
    if (moved !== text) await writeFile(path, moved);
  }
}
