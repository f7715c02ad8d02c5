import { existsSync } from "node:fs";
import { join } from "node:path";

import { readJsonObject, writeJson } from "../json.js";
import { PackagePaths } from "../packagePaths.js";
import type { Target } from "../platforms.js";
import { ReleaseError } from "../releaseError.js";
import type { CodexVersion } from "../version/codexVersion.js";

/** The file that describes an unpacked Codex package. */
export const DESCRIPTION_FILE = "codex-package.json";

/** Folders of a Codex package, as its description names them. */
const FOLDERS = { bin: "bin", resources: "codex-resources", path: "codex-path" };

/** The name of a Codex program on a platform. */
export function programName(name: string, target: Target): string {
  return target.os === "win32" ? `${name}.exe` : name;
}

/** Returns the path of the runtime's executable in a Codex package, with forward slashes. */
export function entrypointOf(target: Target): string {
  return `${FOLDERS.bin}/${target.executable}`;
}

/** Returns the path in a Codex package of a file that goes with the executable, with forward slashes. */
export function resourcePlace(fileName: string, target: Target): string {
  if (fileName === programName("rg", target)) return `${FOLDERS.path}/${fileName}`;
  if (fileName === programName("codex-code-mode-host", target)) return `${FOLDERS.bin}/${fileName}`;
  return `${FOLDERS.resources}/${fileName}`;
}

/** Writes the description of the package in `folder`. */
export async function writeDescription(
  folder: string,
  target: Target,
  version: CodexVersion,
): Promise<void> {
  await writeJson(join(folder, DESCRIPTION_FILE), {
    layoutVersion: 1,
    version: version.npm,
    target: target.triple,
    variant: "codex",
    entrypoint: entrypointOf(target),
    resourcesDir: FOLDERS.resources,
    pathDir: FOLDERS.path,
  });
}

/**
 * Checks that the description in `folder` fits the platform and the version, and that what it names is
 * there.
 *
 * @throws ReleaseError `INVALID_PACKAGE` or `VERSION_MISMATCH`.
 */
export function checkDescription(folder: string, target: Target, version: CodexVersion): void {
  const file = join(folder, DESCRIPTION_FILE);
  const description = readJsonObject(file);
  const complain = (what: string, found: unknown, wanted: unknown): ReleaseError =>
    new ReleaseError(
      what === "version" ? "VERSION_MISMATCH" : "INVALID_PACKAGE",
      `${file} has the ${what} ${JSON.stringify(found)}, but ${target.packageName} ${version.npm} needs ${JSON.stringify(wanted)}.`,
    );
  const wanted = {
    layoutVersion: 1,
    version: version.npm,
    target: target.triple,
    variant: "codex",
    entrypoint: entrypointOf(target),
  };
  for (const [key, value] of Object.entries(wanted)) {
    if (description[key] !== value) throw complain(key, description[key], value);
  }
  for (const key of ["entrypoint", "pathDir"] as const) {
    const place = description[key];
    const isInside = typeof place === "string" && new PackagePaths().add(place, false) === null;
    if (!isInside || !existsSync(join(folder, place))) {
      throw new ReleaseError(
        "INVALID_PACKAGE",
        `${file} names ${JSON.stringify(place)} as its ${key}, but that is missing in the package.`,
      );
    }
  }
}

/** Returns the paths of the programs that every Codex package has, with forward slashes. */
export function programsOf(target: Target): readonly string[] {
  return [entrypointOf(target), resourcePlace(programName("rg", target), target)];
}

/** Returns whether a path in a Codex package belongs to a folder that has only programs. */
export function isPlaceOfPrograms(path: string): boolean {
  return [FOLDERS.bin, FOLDERS.path].includes(path.split("/")[0] ?? "");
}
