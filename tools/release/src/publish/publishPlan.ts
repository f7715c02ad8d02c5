import { ReleaseError } from "../releaseError.js";
import { inPublishOrder, type ReleaseManifest, type StagedPackage } from "../releaseManifest.js";
import type { CodexVersion } from "../version/codexVersion.js";
import { distTagOf } from "../version/distTag.js";
import type { PublishedPackage } from "./registry.js";

/** What is to be done with one package. */
export interface PlannedPackage {
  readonly staged: StagedPackage;
  readonly action: "publish" | "skip";
}

/** What a publication will do, in its order. */
export interface PublishPlan {
  readonly distTag: string;
  readonly packages: readonly PlannedPackage[];
}

/**
 * Plans the publication of a release, given what the registry has of each package.
 *
 * @throws ReleaseError `PUBLISH_CONFLICT` if a package is there with another content: a published
 * version cannot be replaced, so nothing of the release is published.
 */
export function planPublication(
  manifest: ReleaseManifest,
  version: CodexVersion,
  published: ReadonlyMap<string, PublishedPackage>,
  givenTag: string | undefined,
): PublishPlan {
  const packages = inPublishOrder(manifest.packages).map((staged): PlannedPackage => {
    const found = published.get(staged.name)?.versions.get(staged.version);
    if (found === undefined) return { staged, action: "publish" };
    if (found.integrity === staged.integrity) return { staged, action: "skip" };
    throw conflict(staged, found.integrity);
  });
  const versions = [...published.values()].flatMap((each) => [...each.versions.keys()]);
  return { distTag: givenTag ?? distTagOf(version, versions), packages };
}

/** The error for a version that the registry has with another content. */
export function conflict(staged: StagedPackage, integrity: string): ReleaseError {
  return new ReleaseError(
    "PUBLISH_CONFLICT",
    `${staged.name} ${staged.version} is already published with another content (${integrity}, staged ${staged.integrity}). A version cannot be replaced: publish the tarballs of the first attempt, or release a new version.`,
  );
}
