import { existsSync } from "node:fs";
import { chmod, readdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";

import { readExecutableHeader } from "../executable/executable.js";
import type { ExecutableHeader } from "../executable/executableHeader.js";
import { isProgram } from "../packFolder.js";
import type { Target } from "../platforms.js";
import { ReleaseError } from "../releaseError.js";
import { runCommand } from "../runCommand.js";
import { inScratchFolder } from "../scratchFolder.js";
import type { CodexVersion } from "../version/codexVersion.js";
import { isPlaceOfPrograms, programsOf } from "./codexPackage.js";

/** A `--version` takes a fraction of a second; a program that hangs is stopped. */
const VERSION_TIMEOUT_MS = 60_000;

/**
 * Checks that `path` is a program for the platform, by its header.
 *
 * @throws ReleaseError `INVALID_BINARY`.
 */
export async function checkProgram(path: string, target: Target): Promise<void> {
  const { size } = await stat(path);
  const header = await readExecutableHeader(path);
  const refuse = (reason: string): ReleaseError =>
    new ReleaseError("INVALID_BINARY", `${path} cannot be the runtime of ${target.id}: ${reason}.`);
  if (size === 0) throw refuse("it is empty");
  if (header === null) throw refuse("it is not an ELF, Mach-O or PE file");
  const mismatch = mismatchOf(header, target);
  if (mismatch !== null) throw refuse(mismatch);
  if (!header.isProgram) throw refuse("it is a library or an object file");
}

/**
 * Checks that the program at `path` calls itself `version`.
 *
 * @throws ReleaseError `VERSION_MISMATCH`, or `INVALID_BINARY` if it does not run.
 */
export async function checkVersion(path: string, version: CodexVersion): Promise<void> {
  await inScratchFolder(tmpdir(), "codex-release-home-", async (home) => {
    const { exitCode, stdout, stderr } = await runCommand([path, "--version"], {
      env: { CODEX_HOME: home },
      timeoutMs: VERSION_TIMEOUT_MS,
    });
    if (exitCode !== 0) {
      throw new ReleaseError(
        "INVALID_BINARY",
        `${path} --version failed: ${stderr.trim() || `status ${exitCode}`}.`,
      );
    }
    const reported = stdout.trim().split(/\s+/).at(-1) ?? "";
    if (reported !== version.npm) {
      throw new ReleaseError(
        "VERSION_MISMATCH",
        `${path} --version prints ${JSON.stringify(stdout.trim())}, but ${version.npm} is to be staged.`,
      );
    }
  });
}

/**
 * Checks the files of the Codex package in `folder`: it has the programs that every runtime needs, only
 * programs are where programs belong, and every native file, program or library, is built for the platform.
 *
 * @param shownAs Path that errors name in place of `folder`, for a copy that is removed afterwards.
 * @throws ReleaseError `INVALID_PACKAGE` for a missing program, `INVALID_BINARY` for the first wrong file.
 */
export async function checkNativeFiles(
  folder: string,
  target: Target,
  shownAs = folder,
): Promise<void> {
  for (const path of programsOf(target)) {
    if (existsSync(join(folder, path))) continue;
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `${shownAs} has no ${path}, which every runtime needs. A package has to contain it; a --binary needs it as a --resource.`,
    );
  }
  for (const path of await filesBelow(folder)) {
    const header = await readExecutableHeader(path);
    const place = relative(folder, path).split(sep).join("/");
    const problem = fileProblem(place, header, target);
    if (problem !== null) {
      throw new ReleaseError(
        "INVALID_BINARY",
        `${join(shownAs, relative(folder, path))} cannot be part of the runtime of ${target.id}: ${problem}.`,
      );
    }
  }
}

/** Returns the reason why a file of a Codex package does not work on the platform; null if it does. */
export function fileProblem(
  path: string,
  header: ExecutableHeader | null,
  target: Target,
): string | null {
  const mismatch = header === null ? null : mismatchOf(header, target);
  if (mismatch !== null) return mismatch;
  return isPlaceOfPrograms(path) && header?.isProgram !== true ? "it is not a program" : null;
}

/** Returns the reason why a native file does not run on the platform; null if it does. */
export function mismatchOf(header: ExecutableHeader, target: Target): string | null {
  if (header.os !== target.os) return `it is a ${header.format} file, for ${header.os}`;
  if (header.cpus.includes(target.cpu)) return null;
  return `it is built for ${header.cpus.join(" and ") || "another architecture"}`;
}

/** Sets the executable bits of every program below `folder`, and clears those of every other file. */
export async function markExecutables(folder: string): Promise<void> {
  for (const path of await filesBelow(folder)) {
    await chmod(path, (await isProgram(path)) ? 0o755 : 0o644);
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
