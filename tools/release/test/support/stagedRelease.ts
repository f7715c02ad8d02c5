import { join } from "node:path";

import { parsePlatforms } from "../../src/platforms.js";
import type { ReleaseManifest } from "../../src/releaseManifest.js";
import { stageAll } from "../../src/stage/stageAll.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { FIXTURE_VERSION, fixtureRepository, fixtureTools } from "./fixtureRepository.js";
import { writeCodexPackage } from "./standIns.js";

export interface StagedRelease {
  /** The folder of the release. */
  readonly path: string;
  readonly checkout: string;
  readonly manifest: ReleaseManifest;
}

/** Stages a release of the small checkout with stand-in executables, below `root`. */
export async function stagedRelease(
  root: string,
  options: { readonly version?: string; readonly platforms?: string } = {},
): Promise<StagedRelease> {
  const version = parseCodexVersion(options.version ?? FIXTURE_VERSION);
  const name = version.npm;
  const repository = await fixtureRepository(join(root, `checkout-${name}`));
  const platforms = await Promise.all(
    parsePlatforms(options.platforms ?? "linux-x64,darwin-arm64").map(async (target) => {
      const path = await writeCodexPackage(join(root, `built-${name}-${target.id}`), target, name);
      return { target, source: { kind: "package", path } as const };
    }),
  );
  const path = join(root, `release-${name}`);
  const tools = fixtureTools();
  const manifest = await stageAll({
    repository,
    out: path,
    version,
    platforms,
    asksVersion: false,
    tools,
  });
  return { path, checkout: repository.root, manifest };
}
