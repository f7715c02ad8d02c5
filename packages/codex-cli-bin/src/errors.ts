/** Reason that there is no runtime to run; stable, unlike the message. */
export type CodexCliBinErrorCode =
  /** There is no Codex build for this operating system and processor. */
  | "UNSUPPORTED_PLATFORM"
  /** The platform package is not installed. */
  | "PLATFORM_PACKAGE_MISSING"
  /** The installed package is for another platform. */
  | "OTHER_PLATFORM_PACKAGE"
  /** A deployment by file tracing (Next.js, Vercel) left the platform package out. */
  | "NOT_TRACED"
  /** The code was bundled or compiled into one file, away from its packages. */
  | "BUNDLED"
  /** The runtime is inside an archive (asar, zip), from which nothing can be executed. */
  | "IN_ARCHIVE"
  /** The platform package lacks files, or its `codex-package.json` is not valid. */
  | "PACKAGE_DAMAGED"
  /** The installed runtime has another version than this package. */
  | "VERSION_MISMATCH"
  /** The executable does not exist. */
  | "FILE_NOT_FOUND"
  /** The path names a directory, or something else that is not a regular file. */
  | "NOT_A_FILE"
  /** The file exists, but may not be executed. */
  | "NOT_EXECUTABLE"
  /** On Windows: the file is a script (`.cmd`, `.bat`, a shim) and not an `.exe`. */
  | "NOT_AN_EXE"
  /** The file exists and may be executed, but the system cannot run it. */
  | "CANNOT_EXECUTE"
  /** The working directory does not exist or may not be entered. */
  | "NO_WORKING_DIRECTORY"
  /** The system refused a call: too many open files, too little memory, an error of the disk. */
  | "SYSTEM_ERROR";

/** Parts of a {@link CodexCliBinError}. */
export interface CodexCliBinProblem {
  readonly code: CodexCliBinErrorCode;
  /** Problem, with the values. */
  readonly problem: string;
  /** Usual causes; may be empty. */
  readonly causes?: readonly string[];
  /** Remedies, each an alternative; may be empty. */
  readonly remedies: readonly string[];
}

/** The Codex runtime was not found or cannot be run. `message` has the problem, causes and remedies. */
export class CodexCliBinError extends Error {
  override readonly name = "CodexCliBinError";
  /** Reason, as a stable word. */
  readonly code: CodexCliBinErrorCode;
  /** Problem, with the values; the first part of `message`. */
  readonly problem: string;
  /** Usual causes; may be empty. */
  readonly causes: readonly string[];
  /** Remedies, each an alternative; may be empty. */
  readonly remedies: readonly string[];

  constructor(parts: CodexCliBinProblem, options?: ErrorOptions) {
    const causes = parts.causes ?? [];
    super(
      [parts.problem, ...list("Usual causes:", causes), ...list("To fix it:", parts.remedies)].join(
        "\n",
      ),
      options,
    );
    this.code = parts.code;
    this.problem = parts.problem;
    this.causes = causes;
    this.remedies = parts.remedies;
  }
}

function list(title: string, points: readonly string[]): string[] {
  return points.length === 0 ? [] : [title, ...points.map((point) => `  - ${point}`)];
}
