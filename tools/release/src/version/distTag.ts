import semver from "semver";

import { ReleaseError } from "../releaseError.js";
import { type CodexVersion, compareCodexVersions, tryParseCodexVersion } from "./codexVersion.js";

/** The versions at which the dist-tags of a package stand, also those that are not Codex versions. */
export type HeldTags = ReadonlyMap<string, string>;

/**
 * Returns the dist-tag under which a version is published. No tag ever moves back:
 *
 * - `latest`, or `alpha`, `beta` and `rc`, for the highest release of its kind;
 * - a tag of the line (`release-0.115`, `alpha-0.115`) for a release below that;
 * - a tag of its own (`version-0.115.0-alpha.2`) for a release that is not the highest of its line.
 *
 * @param published All published versions. Those that are not Codex versions do not count, such as those
 * with a platform suffix.
 * @param held The versions that the dist-tags stand at.
 */
export function distTagOf(
  version: CodexVersion,
  published: Iterable<string>,
  held: HeldTags = new Map(),
): string {
  const { major, minor } = semver.parse(version.npm, {}, true);
  const isInLine = (other: CodexVersion): boolean =>
    other.npm.startsWith(`${String(major)}.${String(minor)}.`);
  const higher = [...published]
    .map(tryParseCodexVersion)
    .filter((other) => other !== null)
    .filter((other) => other.prerelease === version.prerelease)
    .filter((other) => compareCodexVersions(other, version) > 0);
  const [kind, line] =
    version.prerelease === null ? ["latest", "release"] : [version.prerelease, version.prerelease];
  if (higher.length === 0 && !movesBack(kind, version, held)) return kind;
  const tag = `${line}-${String(major)}.${String(minor)}`;
  if (!higher.some(isInLine) && !movesBack(tag, version, held)) return tag;
  return `version-${version.npm}`;
}

/**
 * Returns whether publishing `version` under `tag` takes users of the tag back. A prerelease that holds `latest`
 * does not count: npm gives that tag to the very first version of a package, whatever the version is.
 */
export function movesBack(tag: string, version: CodexVersion, held: HeldTags): boolean {
  const holder = semver.parse(held.get(tag));
  if (holder === null || (tag === "latest" && holder.prerelease.length > 0)) return false;
  return semver.compare(holder, version.npm) > 0;
}

/**
 * Checks a dist-tag that was given by hand.
 *
 * @throws ReleaseError `INVALID_ARGUMENT` if npm would read it as a version range, if it would make a
 * prerelease the default of every install, or if the tag would move back.
 */
export function checkDistTag(
  tag: string,
  version: CodexVersion,
  held: HeldTags = new Map(),
): string {
  if (!/^[a-z][a-z0-9._-]*$/i.test(tag) || semver.validRange(tag) !== null) {
    throw new ReleaseError(
      "INVALID_ARGUMENT",
      `${JSON.stringify(tag)} cannot be a dist-tag: it must start with a letter and not read as a version range. Try "release-0.115" or "next".`,
    );
  }
  if (tag === "latest" && version.prerelease !== null) {
    throw new ReleaseError(
      "INVALID_ARGUMENT",
      `The prerelease ${version.npm} cannot be published as "latest": every plain \`npm install\` would get it. Leave --tag out to publish it as "${version.prerelease}".`,
    );
  }
  if (movesBack(tag, version, held)) {
    throw new ReleaseError(
      "INVALID_ARGUMENT",
      `The dist-tag "${tag}" is at ${held.get(tag) ?? ""} and does not move back to ${version.npm}. Leave --tag out to publish under a tag of the version's line.`,
    );
  }
  return tag;
}
