import { existsSync } from "node:fs";
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { copyTree } from "../copyTree.js";
import { ReleaseError } from "../releaseError.js";
import { type LanePackage, licencePath, type Repository } from "../repository.js";

/** Files of a build for developers only; the maps point to sources that are not shipped. */
const LEFT_OUT = /\.(map|tsbuildinfo)$/;
/** TypeScript's last line in files that have a map. */
const MAP_REFERENCE = /\n?\/\/# sourceMappingURL=\S+\n?$/;

/**
 * Copies what a package publishes: the entries of `files` in its manifest, its readme, changelog and licence.
 *
 * @throws ReleaseError `NOT_BUILT` if an entry is missing.
 */
export async function copyPackage(
  repository: Repository,
  lanePackage: LanePackage,
  files: readonly string[],
  folder: string,
): Promise<void> {
  const source = join(repository.root, lanePackage.folder);
  for (const entry of files) {
    const from = join(source, entry);
    if (!existsSync(from)) {
      throw new ReleaseError(
        "NOT_BUILT",
        `${from} is missing. Build the packages first: pnpm build.`,
      );
    }
    await copyTree(from, join(folder, entry), (path) => !LEFT_OUT.test(path));
  }
  await dropMapReferences(folder);
  await copyFile(licencePath(repository), join(folder, "LICENSE"));
  await copyFile(readmePath(repository, lanePackage), join(folder, "README.md"));
  const changelog = join(source, "CHANGELOG.md");
  if (existsSync(changelog)) await copyFile(changelog, join(folder, "CHANGELOG.md"));
}

async function dropMapReferences(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|ts)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, "utf8");
    if (MAP_REFERENCE.test(text)) await writeFile(path, text.replace(MAP_REFERENCE, "\n"));
  }
}

/** The SDK's readme is that of the repository, unless it has one of its own. */
function readmePath(repository: Repository, lanePackage: LanePackage): string {
  const own = join(repository.root, lanePackage.folder, "README.md");
  if (existsSync(own)) return own;
  const shared = join(repository.root, "README.md");
  if (lanePackage.stage === "sdk" && existsSync(shared)) return shared;
  throw new ReleaseError(
    "INVALID_PACKAGE",
    `There is no readme at ${own}; every package carries one.`,
  );
}
