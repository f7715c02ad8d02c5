import { resolve } from "node:path";

import { InvalidArgumentError, Option } from "@commander-js/extra-typings";

import { parsePlatform, parsePlatforms, type Target } from "../platforms.js";
import { parseRegistryUrl } from "../publish/registry.js";
import { ReleaseError } from "../releaseError.js";
import { openRepository, type Repository } from "../repository.js";
import { OWN_SCOPE, parseScope } from "../scope.js";
import { type CodexVersion, parseCodexVersion } from "../version/codexVersion.js";

/** `--json`, which every command has. */
export const jsonOption = () => new Option("--json", "print the result as JSON");

/** `--repository`, for commands that need a checkout. */
export const repositoryOption = () =>
  new Option(
    "--repository <dir>",
    "the checkout of the SDK; by default the one around the current folder",
  ).argParser<string>(toPath);

/** `--codex-version`, the one version that the SDK and the runtime share. */
export const codexVersionOption = () =>
  new Option("--codex-version <version>", "the Codex version, in any form that `version` reads");

/** Options of former times, when SDK and runtime had a version each. */
export const legacySdkVersionOption = () => new Option("--sdk-version <version>").hideHelp();
export const legacyRuntimeVersionOption = () =>
  new Option("--runtime-version <version>").hideHelp();

/** `--no-build`, for packages that were just built. */
export const noBuildOption = () => new Option("--no-build", "take the packages as they are built");

/** `--platforms`, a list. */
export const platformsOption = () =>
  new Option("--platforms <list>", "platforms with commas between them, or `all`")
    .argParser(parsing(parsePlatforms))
    .default(parsePlatforms("all"), "all");

/** `--platform`, one. */
export const platformOption = () =>
  new Option("--platform <platform>", "such as linux-x64").argParser<Target>(
    parsing(parsePlatform),
  );

/** `--scope`, for releases before the SDK has its name. */
export const scopeOption = () =>
  new Option("--scope <scope>", "release the same packages under another npm scope, such as @you")
    .argParser<string>(parsing(parseScope))
    .default(OWN_SCOPE);

/**
 * Resolves a path at the command line, against the folder that the user is in: commands that run later
 * have other working folders. It is the last parser of every argument and option that names a path.
 */
export function toPath(text: string): string {
  // A variable of a script that is not set; it would stand for the folder that the user is in.
  if (text === "") throw new InvalidArgumentError("The path is empty.");
  return resolve(text);
}

/**
 * The registry that `--from-npm` fetches from; npm's own setting if it was not given.
 *
 * @throws ReleaseError `INVALID_ARGUMENT` if it is not a URL.
 */
export function sourceRegistry(text: string | undefined): string | undefined {
  return text === undefined ? undefined : parseRegistryUrl(text).href;
}

/** Collects an option that may be given several times. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** Like {@link collect}, for paths. */
export function collectPath(
  value: string,
  previous: readonly string[] | undefined,
): readonly string[] {
  return collect(toPath(value), previous);
}

/** The versions that a staging command was given. */
export interface VersionOptions {
  readonly codexVersion?: string | undefined;
  readonly sdkVersion?: string | undefined;
  readonly runtimeVersion?: string | undefined;
}

/**
 * The one version that a staging command was given.
 *
 * @throws ReleaseError `INVALID_ARGUMENT` if there is none, `INVALID_VERSION` if it cannot be read,
 * `VERSION_MISMATCH` if there are several.
 */
export function oneVersion(options: VersionOptions): CodexVersion {
  const given = [options.codexVersion, options.sdkVersion, options.runtimeVersion]
    .filter((version) => version !== undefined)
    .map(parseCodexVersion);
  const [first] = given;
  if (first === undefined) {
    throw new ReleaseError("INVALID_ARGUMENT", "Pass --codex-version, the version to stage.");
  }
  if (given.some(({ npm }) => npm !== first.npm)) {
    const versions = [...new Set(given.map(({ npm }) => npm))].join(" and ");
    throw new ReleaseError(
      "VERSION_MISMATCH",
      `SDK and runtime versions must match, but ${versions} were given; pass one --codex-version.`,
    );
  }
  return first;
}

/** The checkout that a command works in. */
export function repositoryOf(options: { readonly repository?: string | undefined }): Repository {
  return openRepository(options.repository);
}

/** Turns a parser's error into commander's, which names the option. */
export function parsing<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}
