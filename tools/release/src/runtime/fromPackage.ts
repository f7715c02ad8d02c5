import { existsSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { copyTree } from "../copyTree.js";
import type { Target } from "../platforms.js";
import { ReleaseError } from "../releaseError.js";
import { extractTarball } from "../tarball.js";
import type { CodexVersion } from "../version/codexVersion.js";
import { DESCRIPTION_FILE, entrypointOf, writeDescription } from "./codexPackage.js";

/**
 * Lays out a Codex package from one that exists: a Codex package itself, or an npm platform package
 * around it, as a folder or as a `.tar.gz`.
 */
export async function layOutPackage(
  path: string,
  target: Target,
  version: CodexVersion,
  places: { readonly folder: string; readonly scratch: string },
): Promise<void> {
  const root = await open(path, places.scratch);
  const vendor = join("vendor", target.triple);
  const candidates = [root, join(root, vendor), join(root, "package", vendor)];
  const described = candidates.find((folder) => existsSync(join(folder, DESCRIPTION_FILE)));
  if (described !== undefined) {
    await copyTree(described, places.folder);
    return;
  }
  // Runtimes of 0.116 and before have no description, and other folders.
  const legacy = candidates.find((folder) => existsSync(join(folder, "codex", target.executable)));
  if (legacy === undefined) {
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `${path} is not a Codex package for ${target.id}: it has no ${DESCRIPTION_FILE}, neither at its top nor in ${vendor}.`,
    );
  }
  await mkdir(join(places.folder, "codex-path"), { recursive: true });
  await copyTree(
    join(legacy, "codex", target.executable),
    join(places.folder, entrypointOf(target)),
  );
  if (existsSync(join(legacy, "path"))) {
    await copyTree(join(legacy, "path"), join(places.folder, "codex-path"));
  }
  await writeDescription(places.folder, target, version);
}

async function open(path: string, scratch: string): Promise<string> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `There is no ${path}; --package names a folder or a .tar.gz file.`,
    );
  }
  if (stats.isDirectory()) return path;
  if (!/\.(tar\.gz|tgz)$/.test(path)) {
    throw new ReleaseError("INVALID_PACKAGE", `${path} is neither a folder nor a .tar.gz file.`);
  }
  const unpacked = join(scratch, "unpacked");
  await mkdir(unpacked);
  await extractTarball(path, unpacked);
  return unpacked;
}
