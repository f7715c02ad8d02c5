import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ReleaseError } from "../releaseError.js";
import type { LanePackage } from "../repository.js";
import type { CodexVersion } from "../version/codexVersion.js";

/** The build writes the version of the checkout's manifest into the SDK's code, for bundlers. */
const CONSTANT_FILES = ["dist/generated/version.js", "dist/generated/version.d.ts"];

/** Puts the staged version in place of the checkout's, where the build has written that into code. */
export async function stampVersion(
  lanePackage: LanePackage,
  folder: string,
  from: CodexVersion,
  to: CodexVersion,
): Promise<void> {
  if (lanePackage.stage !== "sdk") return;
  for (const file of CONSTANT_FILES) {
    const path = join(folder, file);
    const text = existsSync(path) ? await readFile(path, "utf8") : "";
    if (!text.includes(`"${from.npm}"`)) {
      throw new ReleaseError(
        "NOT_BUILT",
        `${lanePackage.folder}/${file} is missing or not of ${from.npm}, the version of the checkout. Build the packages: pnpm build.`,
      );
    }
    await writeFile(path, text.replaceAll(`"${from.npm}"`, `"${to.npm}"`));
  }
}
