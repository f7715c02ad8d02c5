import { readdir, chmod, mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";

import { parseExecutableHeader, readExecutableHeader } from "../executable/executable.js";
import type { Target } from "../platforms.js";
import { ReleaseError } from "../releaseError.js";
import { runCommand } from "../runCommand.js";
import type { CodexVersion } from "../version/codexVersion.js";

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
  if (header === null) throw refuse("it is no ELF, Mach-O or PE file");
  if (header.os !== target.os) throw refuse(`it is a ${header.format} file, for ${header.os}`);
  if (!header.cpus.includes(target.cpu)) {
    throw refuse(`it is built for ${header.cpus.join(" and ") || "another architecture"}`);
  }
  if (!header.isProgram) throw refuse("it is a library or an object file");
}

/**
 * Checks that the program at `path` calls itself `version`.
 *
 * @throws ReleaseError `VERSION_MISMATCH`, or `INVALID_BINARY` if it does not run.
 */
export async function checkVersion(path: string, version: CodexVersion): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "codex-release-home-"));
  try {
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
    const said = stdout.trim().split(/\s+/).at(-1) ?? "";
    if (said !== version.npm) {
      throw new ReleaseError(
        "VERSION_MISMATCH",
        `${path} --version says ${JSON.stringify(stdout.trim())}, but ${version.npm} is to be staged.`,
      );
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * Gives every program below `folder` its executable bit, and takes it from nothing that had it: zips and
 * Windows file systems lose it. Returns the programs, relative and with forward slashes.
 */
export async function markExecutables(folder: string): Promise<readonly string[]> {
  const programs: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const isProgram = ((await stat(path)).mode & 0o111) !== 0 || (await looksExecutable(path));
    await chmod(path, isProgram ? 0o755 : 0o644);
    if (isProgram) programs.push(relative(folder, path).split(sep).join("/"));
  }
  return programs.toSorted();
}

async function looksExecutable(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    const bytes = buffer.subarray(0, bytesRead);
    return (
      bytes.toString("latin1", 0, 2) === "#!" || parseExecutableHeader(bytes)?.isProgram === true
    );
  } finally {
    await file.close();
  }
}
