import { accessSync, constants, statSync, type Stats } from "node:fs";

import { CodexCliBinError } from "./errors.js";

/**
 * Throws unless `file` can be executed here, as far as the file system tells.
 *
 * @param source where the path comes from, for the message: "the option `codexPath`", say.
 * @param platform as `process.platform`.
 * @throws {CodexCliBinError} `FILE_NOT_FOUND`, `NOT_A_FILE`, `NOT_EXECUTABLE` or `NOT_AN_EXE`.
 */
export function checkExecutable(
  file: string,
  source: string,
  platform: string = process.platform,
): void {
  const stats = statOf(file, source);
  if (!stats.isFile()) {
    throw new CodexCliBinError({
      code: "NOT_A_FILE",
      problem: `${file} (from ${source}) is ${stats.isDirectory() ? "a directory" : "no regular file"}, not the Codex executable.`,
      mend: [`name the executable file itself, ${platform === "win32" ? "codex.exe" : "codex"}`],
    });
  }
  // Node refuses to spawn .cmd and .bat without a shell, and a shell would stand between us and the
  // process that we must signal. npm's extensionless shim is a shell script, and no program either.
  if (platform === "win32" && !file.toLowerCase().endsWith(".exe")) {
    throw new CodexCliBinError({
      code: "NOT_AN_EXE",
      problem: `${file} (from ${source}) is not a Windows executable: scripts such as .cmd, .bat and npm's shims cannot be spawned directly.`,
      mend: [
        "pass the .exe that the script starts: codex.exe, in the platform package's vendor folder",
      ],
    });
  }
  try {
    accessSync(file, constants.X_OK);
  } catch (error) {
    throw notExecutable(file, source, error);
  }
}

/**
 * What the error of a failed `spawn` of `file` means, as an error that says what to do.
 *
 * @param error what the child process's `error` event gave, or what `spawn` threw.
 */
export function explainSpawnError(
  file: string,
  source: string,
  error: unknown,
  platform: string = process.platform,
): CodexCliBinError {
  try {
    checkExecutable(file, source, platform);
  } catch (found) {
    if (found instanceof CodexCliBinError) {
      return found;
    }
  }
  const code = errnoOf(error);
  if (code === "EACCES" || code === "EPERM") {
    return notExecutable(file, source, error);
  }
  return new CodexCliBinError(
    {
      code: "CANNOT_EXECUTE",
      problem: `${file} (from ${source}) exists, but could not be executed${code === undefined ? "" : ` (${code})`}.`,
      causes: [
        "it is a script whose interpreter (the path after #!) is not on this machine",
        "it is linked to a loader or libc that is not on this machine (glibc build on musl, or the reverse)",
        "it is built for another processor or operating system",
      ],
      mend: ["use the executable of the platform package, or a build for this machine"],
    },
    { cause: error },
  );
}

function statOf(file: string, source: string): Stats {
  try {
    return statSync(file);
  } catch (error) {
    if (errnoOf(error) === "EACCES" || errnoOf(error) === "EPERM") {
      throw notExecutable(file, source, error);
    }
    throw new CodexCliBinError(
      {
        code: "FILE_NOT_FOUND",
        problem: `${file} (from ${source}) does not exist (${errnoOf(error) ?? "ENOENT"}).`,
        mend: [`correct ${source}, or take it away to use the installed runtime`],
      },
      { cause: error },
    );
  }
}

function notExecutable(file: string, source: string, cause: unknown): CodexCliBinError {
  return new CodexCliBinError(
    {
      code: "NOT_EXECUTABLE",
      problem: `${file} (from ${source}) is there, but not executable (${errnoOf(cause) ?? "EACCES"}).`,
      causes: [
        "a copy through a zip, an artifact store or a foreign file system lost the executable bit",
        "the folder is mounted noexec, or this user may not read it",
      ],
      mend: [`run: chmod 755 "${file}"`, "install the package again"],
    },
    { cause },
  );
}

function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}
