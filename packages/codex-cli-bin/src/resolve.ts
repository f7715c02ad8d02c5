import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { checkExecutable } from "./executable.js";
import {
  damaged,
  foreign,
  inArchive,
  missing,
  OVERRIDE_VARIABLE,
  unsupportedPlatform,
  versionMismatch,
} from "./failures.js";
import type { Host } from "./host.js";
import { layoutAround, readLayout, stringMember } from "./layout.js";
import { targetOf, targets, type Target } from "./targets.js";

/** A runtime that was found and can be run. */
export interface Runtime {
  readonly source: "override" | "package";
  readonly codexPath: string;
  /** The folder with `codex-package.json`; `null` if the override stands alone. */
  readonly packageDir: string | null;
  /** The folder to put on the runtime's PATH, or `null`. */
  readonly pathDir: string | null;
  /** The runtime's version as its package states it; `null` if the override stands alone. */
  readonly version: string | null;
}

/**
 * Finds the runtime: the override if there is one, else this platform's package. Nothing else is tried,
 * a `codex` on PATH least of all: it would be of any version.
 *
 * @throws {CodexCliBinError}
 */
export function findRuntime(host: Host): Runtime {
  const override = overrideOf(host);
  return override === null ? installedRuntime(host) : overriddenRuntime(host, override);
}

/** The absolute path that the override names, or `null` if it is not set (or empty). */
export function overrideOf(host: Host): string | null {
  const value = host.env[OVERRIDE_VARIABLE];
  return value === undefined || value === "" ? null : path.resolve(value);
}

function overriddenRuntime(host: Host, codexPath: string): Runtime {
  checkExecutable(codexPath, `the environment variable ${OVERRIDE_VARIABLE}`, host.platform);
  const layout = layoutAround(codexPath);
  return {
    source: "override",
    codexPath,
    packageDir: layout?.packageDir ?? null,
    pathDir: layout?.pathDir ?? null,
    version: layout?.version ?? null,
  };
}

function installedRuntime(host: Host): Runtime {
  const target = targetOf(host.platform, host.arch);
  if (target === undefined) {
    throw unsupportedPlatform(host);
  }
  const manifestPath = host.packages.find(target.packageName);
  if (manifestPath === undefined) {
    const others = installedPackages(host).filter((other) => other.target !== target);
    throw others.length === 0
      ? missing(host, target)
      : foreign(host, target, {
          what: others.map((other) => other.target.packageName).join(", "),
          ids: others.map((other) => other.target.id),
        });
  }
  const npmPackageDir = outsideArchive(target, path.dirname(manifestPath));
  const version = packagedVersion(host, target, npmPackageDir);
  if (version !== host.pinnedVersion) {
    throw versionMismatch(host, { packageDir: npmPackageDir, version });
  }
  const reading = readLayout(npmPackageDir, target);
  if (reading.kind === "foreign") {
    throw foreignContent(host, target, npmPackageDir, reading.triples);
  }
  if (reading.kind === "damaged") {
    throw damaged(host, target, reading.reason);
  }
  const { layout } = reading;
  if (layout.triple !== null && layout.triple !== target.triple) {
    throw foreignContent(host, target, npmPackageDir, [layout.triple]);
  }
  if (layout.version !== null && layout.version !== host.pinnedVersion) {
    throw versionMismatch(host, { packageDir: layout.packageDir, version: layout.version });
  }
  checkExecutable(layout.codexPath, `the package ${target.packageName}`, host.platform);
  return {
    source: "package",
    codexPath: layout.codexPath,
    packageDir: layout.packageDir,
    pathDir: layout.pathDir,
    version: layout.version ?? version,
  };
}

/** The platform packages that can be seen from here, this machine's and others'. */
export function installedPackages(
  host: Host,
): readonly { readonly target: Target; readonly manifestPath: string }[] {
  return targets.flatMap((target) => {
    const manifestPath = host.packages.find(target.packageName);
    return manifestPath === undefined ? [] : [{ target, manifestPath }];
  });
}

/** The version that the package's manifest states, without a published CLI build's platform suffix. */
function packagedVersion(host: Host, target: Target, npmPackageDir: string): string {
  const file = path.join(npmPackageDir, "package.json");
  let version: string | null;
  try {
    version = stringMember(JSON.parse(readFileSync(file, "utf8")), "version");
  } catch (error) {
    throw damaged(host, target, `${file} cannot be read: ${String(error)}`);
  }
  if (version === null) {
    throw damaged(host, target, `${file} states no version`);
  }
  const suffixed = targets.find(({ id }) => version.endsWith(`-${id}`));
  if (suffixed !== undefined && suffixed !== target) {
    throw foreignContent(host, target, npmPackageDir, [suffixed.triple]);
  }
  return suffixed === undefined ? version : version.slice(0, -(suffixed.id.length + 1));
}

function foreignContent(
  host: Host,
  target: Target,
  npmPackageDir: string,
  triples: readonly string[],
): Error {
  return foreign(host, target, {
    what: `the build for ${triples.join(", ")} in ${npmPackageDir}`,
    ids: targets.filter(({ triple }) => triples.includes(triple)).map(({ id }) => id),
  });
}

/** Electron shows files in an asar as if they lay on disk, and their unpacked copies beside it. */
function outsideArchive(target: Target, npmPackageDir: string): string {
  const archive = /^(.*?\.(?:asar|zip))([\\/].*)$/.exec(npmPackageDir);
  if (archive === null) {
    return npmPackageDir;
  }
  const unpacked = `${archive[1]}.unpacked${archive[2]}`;
  if (existsSync(path.join(unpacked, "package.json"))) {
    return unpacked;
  }
  throw inArchive(target, npmPackageDir);
}
