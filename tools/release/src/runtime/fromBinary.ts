import { existsSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";

import { copyTree } from "../copyTree.js";
import type { Target } from "../platforms.js";
import { ReleaseError } from "../releaseError.js";
import type { CodexVersion } from "../version/codexVersion.js";
import { entrypointOf, resourcePlace, writeDescription } from "./codexPackage.js";

/** Lays out a Codex package around an executable and the files that go with it. */
export async function layOutBinary(
  source: { readonly path: string; readonly resources: readonly string[] },
  target: Target,
  version: CodexVersion,
  folder: string,
): Promise<void> {
  if (!existsSync(source.path) || !statSync(source.path).isFile()) {
    throw new ReleaseError(
      "INVALID_BINARY",
      `There is no file ${source.path}; --binary names the built executable.`,
    );
  }
  await mkdir(join(folder, "codex-path"), { recursive: true });
  await copyTree(source.path, join(folder, entrypointOf(target)));
  for (const resource of source.resources) {
    if (!existsSync(resource)) {
      throw new ReleaseError(
        "INVALID_BINARY",
        `There is no file or folder ${resource}, named by --resource.`,
      );
    }
    const place = join(folder, resourcePlace(basename(resource), target));
    if (existsSync(place)) {
      throw new ReleaseError(
        "INVALID_BINARY",
        `--resource ${resource} would replace ${place}, which --binary or another --resource has put there.`,
      );
    }
    await copyTree(resource, place);
  }
  await writeDescription(folder, target, version);
}
