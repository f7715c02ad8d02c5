import { accessSync, constants, lstatSync, statSync, type Stats } from "node:fs";
import path from "node:path";

import { pathEntries, type Environment } from "./environment.js";
import { CodexCliBinError } from "./errors.js";
import { errnoOf, isWithoutFile, systemFailure } from "./systemErrors.js";

/** Conditions of a start that failed; by default those of this process. */
export interface StartConditions {
  /** Working directory that the new process was to have. */
  readonly cwd?: string | undefined;
  /** Environment of the new process: its PATH finds a program without a directory. */
  readonly env?: Environment;
}

/**
 * Checks that `file` can be executed here, as far as the file system shows.
 *
 * @param source origin of the path, for the message, such as "the option codexPath".
 * @param platform as `process.platform`.
 * @throws {CodexCliBinError} `FILE_NOT_FOUND`, `NOT_A_FILE`, `NOT_EXECUTABLE`, `NOT_AN_EXE` or
 * `SYSTEM_ERROR`.
 */
export function checkExecutable(
  file: string,
  source: string,
  platform: string = process.platform,
): void {
  const subject = `${file} (from ${source})`;
  const stats = statOf(file, source, platform);
  if (!stats.isFile()) {
    throw new CodexCliBinError({
      code: "NOT_A_FILE",
      problem: `${subject} is ${stats.isDirectory() ? "a directory" : "not a regular file"}, not the executable.`,
      remedies: [
        `name the executable file itself, such as ${platform === "win32" ? "codex.exe" : "codex"}`,
      ],
    });
  }
  // Node does not spawn .cmd and .bat without a shell, and signals would reach only that shell. The shim
  // without extension that npm writes is a shell script.
  if (platform === "win32" && !file.toLowerCase().endsWith(".exe")) {
    throw new CodexCliBinError({
      code: "NOT_AN_EXE",
      problem: `${subject} is not a Windows executable: scripts such as .cmd, .bat and the shims of npm cannot be started directly.`,
      remedies: [
        "pass the .exe that the script starts: for Codex, codex.exe in the vendor folder of the platform package",
      ],
    });
  }
  try {
    accessSync(file, constants.X_OK);
  } catch (error) {
    throw isDenied(error)
      ? notExecutable(file, source, error, platform)
      : systemFailure(error, "access", subject, platform);
  }
}

/**
 * Explains the error of a failed `spawn`: the working directory, the file, or the system.
 *
 * @param file the program, as it was given to `spawn`.
 * @param source origin of `file`, for the message.
 * @param error the error that `spawn` threw, or that the child process emitted.
 */
export function explainSpawnError(
  file: string,
  source: string,
  error: unknown,
  platform: string = process.platform,
  conditions: StartConditions = {},
): CodexCliBinError {
  const subject = `${file} (from ${source})`;
  // A limit that is reached makes the checks of the file fail, too, and they would blame the file.
  if (isWithoutFile(error)) return systemFailure(error, "spawn", subject, platform);
  let program: string;
  try {
    checkWorkingDirectory(conditions.cwd, platform);
    program = locate(file, source, platform, conditions);
    checkExecutable(program, source, platform);
  } catch (found) {
    if (found instanceof CodexCliBinError) return found;
    throw found;
  }
  const located = program === file ? subject : `${program} (from ${source})`;
  if (isDenied(error) && platform !== "win32") {
    return systemFailure(error, "spawn", located, platform, "NOT_EXECUTABLE");
  }
  return systemFailure(error, "spawn", located, platform, "CANNOT_EXECUTE");
}

/**
 * Checks the working directory of a new process.
 *
 * @param cwd the directory; `undefined` stands for that of this process, which may have been removed.
 * @throws {CodexCliBinError} `NO_WORKING_DIRECTORY` or `SYSTEM_ERROR`.
 */
export function checkWorkingDirectory(
  cwd: string | undefined,
  platform: string = process.platform,
): void {
  if (cwd === undefined) {
    ownWorkingDirectory();
    return;
  }
  try {
    if (!statSync(cwd).isDirectory()) {
      throw new CodexCliBinError({
        code: "NO_WORKING_DIRECTORY",
        problem: `${cwd} cannot be used as the working directory: it is not a directory.`,
        remedies: ["pass a directory that exists"],
      });
    }
    // On Windows the mode bits of a directory have no meaning.
    if (platform !== "win32") accessSync(cwd, constants.X_OK);
  } catch (error) {
    if (error instanceof CodexCliBinError) throw error;
    throw systemFailure(error, "chdir", cwd, platform, "NO_WORKING_DIRECTORY");
  }
}

/**
 * Returns the working directory of this process.
 *
 * @throws {CodexCliBinError} `NO_WORKING_DIRECTORY` if it has been removed.
 */
export function ownWorkingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new CodexCliBinError(
      {
        code: "NO_WORKING_DIRECTORY",
        problem: `The working directory of this process cannot be used (${errnoOf(error) ?? String(error)}): it has been removed, or this user may not enter it.`,
        remedies: [
          "change to a directory that exists (process.chdir), or start this process in one",
          "or pass the SDK's option cwd",
        ],
      },
      { cause: error },
    );
  }
}

/** Returns the absolute path of the program that `spawn` was to start. */
function locate(
  file: string,
  source: string,
  platform: string,
  { cwd, env = process.env }: StartConditions,
): string {
  if (path.isAbsolute(file)) return file;
  if (/[\\/]/.test(file) && (platform === "win32" || file.includes("/"))) {
    return path.resolve(cwd ?? ownWorkingDirectory(), file);
  }
  const directories = pathEntries(env, platform);
  const isWindows = platform === "win32";
  const names = isWindows && path.extname(file) === "" ? [`${file}.exe`, `${file}.com`] : [file];
  const found = findIn(directories, names);
  if (found !== undefined) return found;
  const script = isWindows
    ? findIn(
        directories,
        [".cmd", ".bat", ".ps1", ""].map((extension) => file + extension),
      )
    : undefined;
  // checkExecutable explains why a script does not do.
  if (script !== undefined) return script;
  throw new CodexCliBinError({
    code: "FILE_NOT_FOUND",
    problem: `${file} (from ${source}) was not found in any directory of the PATH.`,
    remedies: ["pass its absolute path", "or add its directory to the PATH of the runtime"],
  });
}

function findIn(directories: readonly string[], names: readonly string[]): string | undefined {
  const candidates = directories.flatMap((folder) => names.map((name) => path.join(folder, name)));
  return candidates.find((candidate) => isFile(candidate));
}

function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function statOf(file: string, source: string, platform: string): Stats {
  const subject = `${file} (from ${source})`;
  if (file.includes("\0")) {
    throw new CodexCliBinError({
      code: "FILE_NOT_FOUND",
      problem: `${JSON.stringify(file)} (from ${source}) contains a NUL character, which a path cannot have.`,
      remedies: [`correct ${source}`],
    });
  }
  try {
    return statSync(file);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw systemFailure(error, "stat", subject, platform);
    const problem = isLink(file)
      ? `${subject} is a symbolic link to a file that does not exist (ENOENT).`
      : `${subject} does not exist (ENOENT).`;
    throw new CodexCliBinError(
      {
        code: "FILE_NOT_FOUND",
        problem,
        remedies: [
          source.startsWith("the package ")
            ? "install the package again"
            : `correct ${source}, or remove it to use the installed runtime`,
        ],
      },
      { cause: error },
    );
  }
}

function isLink(file: string): boolean {
  try {
    return lstatSync(file).isSymbolicLink();
  } catch {
    return false;
  }
}

function isDenied(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === "EACCES" || errno === "EPERM";
}

function notExecutable(
  file: string,
  source: string,
  cause: unknown,
  platform: string,
): CodexCliBinError {
  if (platform === "win32") {
    return systemFailure(cause, "access", `${file} (from ${source})`, platform, "NOT_EXECUTABLE");
  }
  return new CodexCliBinError(
    {
      code: "NOT_EXECUTABLE",
      problem: `${file} (from ${source}) exists, but is not executable (${errnoOf(cause) ?? String(cause)}).`,
      causes: [
        "a copy through a zip, an artifact store or another file system lost the executable bit",
        "its file system is mounted noexec, or this user may not execute it",
      ],
      remedies: [`run: chmod 755 "${file}"`, "or install the package again"],
    },
    { cause },
  );
}
