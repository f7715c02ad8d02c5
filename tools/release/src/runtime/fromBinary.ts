import { existsSync, statSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

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
  await place(source.path, join(folder, entrypointOf(target)));
  for (const resource of source.resources) {
    if (!existsSync(resource)) {
      throw new ReleaseError(
        "INVALID_BINARY",
        `There is no file or folder ${resource}, named by --resource.`,
      );
    }
    await place(resource, join(folder, resourcePlace(basename(resource), target)));
  }
  await writeDescription(folder, target, version);
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, dereference: true, errorOnExist: true, force: false });
}
