import semver from "semver";

import { statesIntegrity } from "../integrity.js";
import { ReleaseError } from "../releaseError.js";
import { inPublishOrder, type ReleaseManifest, type StagedPackage } from "../releaseManifest.js";
import type { CodexVersion } from "../version/codexVersion.js";
import { checkDistTag, distTagOf, type HeldTags } from "../version/distTag.js";
import { checkNotCli } from "./ownership.js";
import type { PublishedPackage } from "./registry.js";

/** Action for one package. */
export interface PlannedPackage {
  readonly staged: StagedPackage;
  readonly action: "publish" | "skip";
}

/** Actions of a publication, in their order. */
export interface PublishPlan {
  readonly distTag: string;
  readonly packages: readonly PlannedPackage[];
}

/**
 * Plans the publication of a release, given what the registry has of each package.
 *
 * @throws ReleaseError `NAME_TAKEN` if the version, or another of its minor, is the Codex CLI;
 * `PUBLISH_CONFLICT` if a package is there with another content, or was unpublished: a version is used once.
 * Nothing of the release is published then. `INVALID_ARGUMENT` for a given tag that would move back.
 */
export function planPublication(
  manifest: ReleaseManifest,
  version: CodexVersion,
  published: ReadonlyMap<string, PublishedPackage>,
  givenTag: string | undefined,
): PublishPlan {
  for (const [name, each] of published) checkNotCli(name, version, each);
  const packages = inPublishOrder(manifest.packages).map((staged): PlannedPackage => {
    const known = published.get(staged.name);
    const found = known?.versions.get(staged.version);
    if (found !== undefined) {
      checkSameContent(staged, found);
      return { staged, action: "skip" };
    }
    if (known?.unpublished.has(staged.version) === true) throw unpublished(staged);
    return { staged, action: "publish" };
  });
  const all = [...published.values()];
  const versions = all.flatMap((each) => [...each.versions.keys()]);
  const held = highestHolders(all);
  const distTag =
    givenTag === undefined
      ? distTagOf(version, versions, held)
      : checkDistTag(givenTag, version, held);
  return { distTag, packages };
}

/** The highest version that each dist-tag stands at in any of the packages. */
function highestHolders(packages: readonly PublishedPackage[]): HeldTags {
  const held = new Map<string, string>();
  for (const [tag, version] of packages.flatMap(({ distTags }) => [...distTags])) {
    const known = held.get(tag);
    if (semver.valid(version) === null) continue;
    if (known === undefined || semver.compare(version, known) > 0) held.set(tag, version);
  }
  return held;
}

/**
 * Checks that the registry has the content that was staged.
 *
 * @throws ReleaseError `PUBLISH_CONFLICT`
 */
export function checkSameContent(
  staged: StagedPackage,
  { integrity }: { readonly integrity: string },
): void {
  if (statesIntegrity(integrity, staged.integrity)) return;
  const stated = integrity === "" ? "it states no integrity" : integrity;
  throw new ReleaseError(
    "PUBLISH_CONFLICT",
    `${staged.name} ${staged.version} is already published with another content (${stated}, staged ${staged.integrity}). A version cannot be replaced: publish the tarballs of the first attempt, or release a new version.`,
  );
}

function unpublished({ name, version }: StagedPackage): ReleaseError {
  return new ReleaseError(
    "PUBLISH_CONFLICT",
    `${name} ${version} was published before and then unpublished. A registry does not take a version a second time: release a new version.`,
  );
}
