import { existsSync, statSync } from "node:fs";
import path from "node:path";

import { checkExecutable, ownWorkingDirectory } from "./executable.js";
import {
  damaged,
  inArchive,
  missing,
  otherPlatform,
  OVERRIDE_VARIABLE,
  unsupportedPlatform,
  versionMismatch,
} from "./failures.js";
import type { Host } from "./host.js";
import { layoutAround, readIfThere, readLayout, stringMember } from "./layout.js";
import { targetOf, targets, type Target } from "./targets.js";

/** Runtime that was found and can be run. */
export interface Runtime {
  readonly source: "override" | "package";
  readonly codexPath: string;
  /** Folder with `codex-package.json`; `null` if the override is outside a package. */
  readonly packageDir: string | null;
  /** Folder to put on the PATH of the runtime, or `null`. */
  readonly pathDir: string | null;
  /** Version of the runtime in its package; `null` if the override is outside a package. */
  readonly version: string | null;
}

/**
 * Finds the runtime: the override if there is one, else this platform's package. Nothing else is tried.
 * A `codex` on the PATH could have any version.
 *
 * @throws {CodexCliBinError}
 */
export function findRuntime(host: Host): Runtime {
  const override = overrideOf(host);
  return override === null ? installedRuntime(host) : overriddenRuntime(host, override);
}

/** Returns the value of the override as it is set, or `null` if it is not set or empty. */
export function overrideOf(host: Host): string | null {
  return host.env[OVERRIDE_VARIABLE] || null;
}

function overriddenRuntime(host: Host, override: string): Runtime {
  const codexPath = path.isAbsolute(override)
    ? path.resolve(override)
    : path.resolve(ownWorkingDirectory(), override);
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
      : otherPlatform(host, target, {
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
  if (reading.kind === "otherPlatform") {
    throw otherContent(host, target, npmPackageDir, reading.triples);
  }
  if (reading.kind === "damaged") {
    throw damaged(host, target, reading.reason);
  }
  const { layout } = reading;
  if (layout.triple !== null && layout.triple !== target.triple) {
    throw otherContent(host, target, npmPackageDir, [layout.triple]);
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

/** Returns the platform packages that can be resolved from here, for this machine and for others. */
export function installedPackages(
  host: Host,
): readonly { readonly target: Target; readonly manifestPath: string }[] {
  return targets.flatMap((target) => {
    const manifestPath = host.packages.find(target.packageName);
    return manifestPath === undefined ? [] : [{ target, manifestPath }];
  });
}

/** Returns the version in the package's manifest, without the platform suffix of the published CLI's builds. */
function packagedVersion(host: Host, target: Target, npmPackageDir: string): string {
  const file = path.join(npmPackageDir, "package.json");
  const text = readIfThere(file);
  if (text === null) {
    throw damaged(host, target, `${file} does not exist`);
  }
  let version: string | null;
  try {
    version = stringMember(JSON.parse(text), "version");
  } catch (error) {
    throw damaged(host, target, `${file} is not valid JSON: ${String(error)}`);
  }
  if (version === null) {
    throw damaged(host, target, `${file} does not have a version`);
  }
  const suffixed = targets.find(({ id }) => version.endsWith(`-${id}`));
  if (suffixed !== undefined && suffixed !== target) {
    throw otherContent(host, target, npmPackageDir, [suffixed.triple]);
  }
  return suffixed === undefined ? version : version.slice(0, -(suffixed.id.length + 1));
}

function otherContent(
  host: Host,
  target: Target,
  npmPackageDir: string,
  triples: readonly string[],
): Error {
  return otherPlatform(host, target, {
    what: `the build for ${triples.join(", ")} in ${npmPackageDir}`,
    ids: targets.filter(({ triple }) => triples.includes(triple)).map(({ id }) => id),
  });
}

/**
 * Returns the folder to run from: the package's own, or its unpacked copy if it is inside an archive.
 * Electron shows the files of an asar as if they were on disk, and puts unpacked copies beside it.
 */
function outsideArchive(target: Target, npmPackageDir: string): string {
  const archive = archiveAround(npmPackageDir);
  if (archive === null) {
    return npmPackageDir;
  }
  const unpacked = `${archive}.unpacked${npmPackageDir.slice(archive.length)}`;
  if (existsSync(path.join(unpacked, "package.json"))) {
    return unpacked;
  }
  throw inArchive(target, npmPackageDir);
}

/** Returns the archive that a path leads into, or `null`. A real folder may be named like an archive. */
function archiveAround(folder: string): string | null {
  for (const { index } of folder.matchAll(/(?<=\.(?:asar|zip))[\\/]/g)) {
    const candidate = folder.slice(0, index);
    if (!isRealDirectory(candidate)) return candidate;
  }
  return null;
}

function isRealDirectory(file: string): boolean {
  // Electron reports an archive as a directory unless this switch is set.
  const before: unknown = Reflect.get(process, "noAsar");
  Reflect.set(process, "noAsar", true);
  try {
    return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  } finally {
    Reflect.set(process, "noAsar", before);
  }
}
