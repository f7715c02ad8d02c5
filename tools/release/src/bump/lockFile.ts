import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { targets } from "../platforms.js";
import { ReleaseError } from "../releaseError.js";
import type { CodexVersion } from "../version/codexVersion.js";
import { runtimeAliases } from "./moveManifests.js";

/**
 * Checks that the registry has the runtime of a version for every platform.
 *
 * @throws ReleaseError `RUNTIME_UNAVAILABLE` that names the platforms which lack it.
 */
export function checkPublished(published: ReadonlySet<string>, version: CodexVersion): void {
  const missing = targets.filter(({ id }) => !published.has(`${version.npm}-${id}`));
  if (missing.length === 0) return;
  throw new ReleaseError(
    "RUNTIME_UNAVAILABLE",
    `The registry has no runtime ${version.npm} for ${missing.map(({ id }) => id).join(", ")}. Its publication is not complete; run the bump again when it is.`,
  );
}

/**
 * Checks that the lock file has the runtime of a version for every platform. The runtimes are optional
 * dependencies: a package manager leaves out one that it cannot find, and does not fail.
 *
 * @throws ReleaseError `BUMP_FAILED` that names the missing platforms.
 */
export async function checkLockFile(root: string, version: CodexVersion): Promise<void> {
  const file = join(root, "pnpm-lock.yaml");
  const lines = new Set((existsSync(file) ? await readFile(file, "utf8") : "").split(/\r?\n/));
  const aliases = runtimeAliases(version);
  const missing = targets.filter(({ packageName }) => {
    const locked = aliases[packageName]?.replace(/^npm:/, "");
    return !lines.has(`  '${locked}':`);
  });
  if (missing.length === 0) return;
  throw new ReleaseError(
    "BUMP_FAILED",
    `After the installation ${file} lacks the runtime ${version.npm} for ${missing.map(({ id }) => id).join(", ")}. Check with \`npm view\` that the registry has it, then run the bump again.`,
  );
}
