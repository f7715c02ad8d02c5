import semver from "semver";

import { stringMap } from "../json.js";
import type { Target } from "../platforms.js";
import { ReleaseError } from "../releaseError.js";
import { LANE, type LanePackage } from "../repository.js";
import type { CodexVersion } from "../version/codexVersion.js";

/** Manifest fields that only a checkout needs. */
const DEVELOPMENT_FIELDS: ReadonlySet<string> = new Set([
  "devDependencies",
  "packageManager",
  "pnpm",
  "private",
  "scripts",
  "workspaces",
]);

/** Fields whose packages are installed with ours. A peer is the program's own, and has a range. */
const DEPENDENCY_FIELDS = ["dependencies", "optionalDependencies"] as const;

/**
 * The manifest of a package as it is published: the given version, exact pins, no development fields,
 * and in the runtime lookup and the SDK one optional dependency for each platform: the SDK states them too,
 * as programs resolve the runtime from `@openai/codex` and an isolated layout shows a package only what it names.
 *
 * @throws ReleaseError `INVALID_PACKAGE` if a dependency is neither an exact pin nor one of the published packages.
 */
export function stagedManifest(
  manifest: Readonly<Record<string, unknown>>,
  lanePackage: LanePackage,
  version: CodexVersion,
  platforms: readonly Target[],
): Record<string, unknown> {
  const staged: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(manifest)) {
    if (!DEVELOPMENT_FIELDS.has(key)) staged[key] = value;
  }
  staged["version"] = version.npm;
  for (const field of DEPENDENCY_FIELDS) {
    if (staged[field] !== undefined) {
      staged[field] = pinAll(stringMap(staged[field]), lanePackage.name, version);
    }
  }
  if (lanePackage.stage !== "types") {
    staged["optionalDependencies"] = Object.fromEntries(
      platforms.map(({ packageName }) => [packageName, version.npm]),
    );
  }
  return staged;
}

function pinAll(
  dependencies: Readonly<Record<string, string>>,
  owner: string,
  version: CodexVersion,
): Record<string, string> {
  const lane: ReadonlySet<string> = new Set(LANE.map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, range]) => {
      if (lane.has(name)) return [name, version.npm];
      if (semver.valid(range) === range) return [name, range];
      throw new ReleaseError(
        "INVALID_PACKAGE",
        `${owner} depends on ${name} as ${JSON.stringify(range)}; a published package needs an exact version.`,
      );
    }),
  );
}
