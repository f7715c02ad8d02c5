import { ReleaseError } from "../releaseError.js";
import { type CodexVersion, tryParseCodexVersion } from "../version/codexVersion.js";
import type { PublishedPackage, PublishedVersion } from "./registry.js";

/**
 * Returns whether a published version is the Codex CLI, which has had the name of the SDK before it: it brings the
 * command `codex` and does not depend on the package that finds the runtime.
 */
export function isCli({ commands, dependencies }: PublishedVersion): boolean {
  return (
    commands.includes("codex") && !dependencies.some((name) => name.endsWith("/codex-cli-bin"))
  );
}

/** Returns whether a package name belongs to the lookup, which has the command `codex` and is not the CLI. */
function isLookup(name: string): boolean {
  return name.endsWith("/codex-cli-bin");
}

/**
 * Returns a published version of the CLI that keeps the SDK from having `version` under the same name: that
 * version, or another of its minor. A range such as `^0.9.0` must not lead from one program to another.
 */
export function cliInTheWay(
  name: string,
  version: CodexVersion,
  { versions }: PublishedPackage,
): string | null {
  if (isLookup(name)) return null;
  const exact = versions.get(version.npm);
  if (exact !== undefined) return isCli(exact) ? version.npm : null;
  const minor = minorOf(version);
  for (const [other, published] of versions) {
    const parsed = tryParseCodexVersion(other);
    // A version with a platform suffix is a part of the CLI's version, which is there as well.
    if (parsed !== null && minorOf(parsed) === minor && isCli(published)) return parsed.npm;
  }
  return null;
}

/**
 * Checks that no version of the minor is the CLI.
 *
 * @throws ReleaseError `NAME_TAKEN`
 */
export function checkNotCli(
  name: string,
  version: CodexVersion,
  published: PublishedPackage,
): void {
  const found = cliInTheWay(name, version, published);
  if (found === null) return;
  throw new ReleaseError(
    "NAME_TAKEN",
    `${name} ${version.npm} cannot be published: ${found} under this name is the Codex CLI. The first version of the SDK is one of a minor that the CLI never had (docs/releasing.md, the name); until then stage with --scope @you.`,
  );
}

function minorOf({ npm }: CodexVersion): string {
  return npm.split(".", 2).join(".");
}
