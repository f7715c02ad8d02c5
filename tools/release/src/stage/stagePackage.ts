import { join } from "node:path";

import { readJsonObject, writeJson } from "../json.js";
import { type Target, targets } from "../platforms.js";
import { replaceFolder } from "../replaceFolder.js";
import { type LanePackage, type Repository } from "../repository.js";
import type { CodexVersion } from "../version/codexVersion.js";
import { checkoutTools, type CheckoutTools } from "./checkoutTools.js";
import { checkTypes } from "./checkTypes.js";
import { copyPackage } from "./copyPackage.js";
import { stagedManifest } from "./stagedManifest.js";

export interface StagePackageOptions {
  readonly repository: Repository;
  readonly out: string;
  readonly version: CodexVersion;
  readonly lanePackage: LanePackage;
  /** The platforms that the runtime lookup pins; all by default. */
  readonly platforms?: readonly Target[];
  /** True if the package is built first; true by default. */
  readonly builds?: boolean;
  readonly tools?: CheckoutTools;
}

/**
 * Stages one of the packages that are written by hand: `<out>` is either complete afterwards or as it
 * was before. The SDK is staged only if the checked-in protocol types are those of the pinned runtime.
 *
 * @throws ReleaseError `TYPES_DRIFTED`, `NOT_BUILT` or `INVALID_PACKAGE`.
 */
export async function stagePackage(options: StagePackageOptions): Promise<void> {
  const { repository, version, lanePackage, platforms = targets, tools = checkoutTools } = options;
  if (lanePackage.stage === "sdk") await checkTypes(repository, tools.generateTypes);
  if (options.builds ?? true) await tools.build(repository, lanePackage.name);
  await replaceFolder(options.out, async ({ folder }) => {
    const source = readJsonObject(join(repository.root, lanePackage.folder, "package.json"));
    const files = Array.isArray(source["files"]) ? source["files"].map(String) : [];
    await copyPackage(repository, lanePackage, files, folder);
    const manifest = stagedManifest(source, lanePackage, version, platforms);
    await writeJson(join(folder, "package.json"), manifest);
  });
}
