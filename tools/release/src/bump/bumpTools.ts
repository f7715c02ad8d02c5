import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { runsHere, targets } from "../platforms.js";
import { ReleaseError } from "../releaseError.js";
import type { Repository } from "../repository.js";
import { pnpmCommand, runOrThrow } from "../runCommand.js";
import { entrypointOf } from "../runtime/codexPackage.js";
import { fetchFromNpm, publishedVersions } from "../runtime/fromNpm.js";
import { layOutPackage } from "../runtime/fromPackage.js";
import type { CodexVersion } from "../version/codexVersion.js";

/** The parts of a bump that need the network, a runtime or the checkout's commands; tests replace them. */
export interface BumpTools {
  /** Writes the protocol types of a published runtime to `outDir`; its files go to the folder `scratch`. */
  readonly draftTypes: (version: CodexVersion, outDir: string, scratch: string) => Promise<void>;
  /** The versions of the runtime's npm package, platform builds included. */
  readonly publishedVersions: () => Promise<ReadonlySet<string>>;
  /** Makes `node_modules` fit the manifests; the lock file is `written` to fit them, or `kept` as it is. */
  readonly install: (repository: Repository, lockFile: "written" | "kept") => Promise<void>;
  /** Records the transcripts of the tests with the installed runtime. */
  readonly record: (repository: Repository) => Promise<void>;
}

/** The tools of an installed checkout. */
export const bumpTools: BumpTools = {
  async draftTypes(version, outDir, scratch) {
    const target = targets.find(runsHere);
    if (target === undefined) {
      throw new ReleaseError(
        "BUMP_FAILED",
        `The runtime does not run on ${process.platform}-${process.arch}, so its types cannot be generated here.`,
      );
    }
    const [download, folder] = [join(scratch, "download"), join(scratch, "runtime")];
    for (const each of [download, folder]) await mkdir(each, { recursive: true });
    const tarball = await fetchFromNpm(target, version, download);
    await layOutPackage(tarball, target, version, { folder, scratch });
    const { generateTypes } = await import(/* webpackIgnore: true */ "@codex-tools/typegen");
    await generateTypes({
      codexPath: join(folder, entrypointOf(target)),
      outDir,
      expectedVersion: version.npm,
    });
  },
  publishedVersions: () => publishedVersions(),
  async install({ root }, lockFile) {
    const flag = lockFile === "kept" ? "--frozen-lockfile" : "--no-frozen-lockfile";
    await runOrThrow([...pnpmCommand(), "install", flag], { cwd: root });
  },
  async record({ root }) {
    await runOrThrow([...pnpmCommand(), "run", "record"], { cwd: root });
  },
};
