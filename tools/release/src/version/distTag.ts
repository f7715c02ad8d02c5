import semver from "semver";

import { ReleaseError } from "../releaseError.js";
import { type CodexVersion, compareCodexVersions, tryParseCodexVersion } from "./codexVersion.js";

/**
 * The dist-tag under which a version is published, given the versions that already are.
 *
 * `latest` is for the highest stable release alone: a fix of an older line gets a maintenance tag
 * (`release-0.115`), so that it does not take users back. Published versions that are none of ours
 * (with a platform suffix, say) do not count.
 */
export function distTagOf(version: CodexVersion, published: Iterable<string>): string {
  if (version.prerelease !== null) return version.prerelease;
  for (const other of published) {
    const parsed = tryParseCodexVersion(other);
    if (parsed === null || parsed.prerelease !== null) continue;
    if (compareCodexVersions(parsed, version) > 0) {
      const { major, minor } = semver.parse(version.npm, {}, true);
      return `release-${major}.${minor}`;
    }
  }
  return "latest";
}

/**
 * Checks a dist-tag that was given by hand.
 *
 * @throws ReleaseError `INVALID_ARGUMENT` if npm would read it as a version range, or if it would
 * make a prerelease the default of every install.
 */
export function checkDistTag(tag: string, version: CodexVersion): string {
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
  return tag;
}
