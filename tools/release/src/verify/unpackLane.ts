import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { StagedPackage } from "../releaseManifest.js";
import { extractTarball } from "../tarball.js";

/** Installs the hand-written packages into a project folder; returns the folder of each. */
export async function unpackLane(
  release: string,
  packages: readonly StagedPackage[],
  project: string,
): Promise<ReadonlyMap<StagedPackage, string>> {
  const folders = new Map<StagedPackage, string>();
  for (const staged of packages) {
    if (staged.stage === "platform") continue;
    const folder = join(project, "node_modules", staged.name);
    await mkdir(folder, { recursive: true });
    await extractTarball(join(release, staged.tarball), folder, 1);
    folders.set(staged, folder);
  }
  return folders;
}
