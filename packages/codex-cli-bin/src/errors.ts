/** Why there is no runtime to run; stable, unlike the message. */
export type CodexCliBinErrorCode =
  /** There is no Codex build for this operating system and processor. */
  | "UNSUPPORTED_PLATFORM"
  /** The platform package is not installed. */
  | "PLATFORM_PACKAGE_MISSING"
  /** What is installed is the package of another platform. */
  | "FOREIGN_PLATFORM_PACKAGE"
  /** The code was bundled or compiled into one file, away from its packages. */
  | "BUNDLED"
  /** The runtime lies in an archive (asar, zip), from which nothing can be executed. */
  | "IN_ARCHIVE"
  /** The platform package lacks files, or its `codex-package.json` cannot be read. */
  | "PACKAGE_DAMAGED"
  /** The installed runtime is of another version than this package. */
  | "VERSION_MISMATCH"
  /** The named executable does not exist. */
  | "FILE_NOT_FOUND"
  /** The named executable is a folder, or something else that is no file. */
  | "NOT_A_FILE"
  /** The file is there, but may not be executed. */
  | "NOT_EXECUTABLE"
  /** On Windows: the named file is a script (`.cmd`, `.bat`, a shim) and not the `.exe`. */
  | "NOT_AN_EXE"
  /** The file is there and executable, but the system could not start it. */
  | "CANNOT_EXECUTE";

/** What a {@link CodexCliBinError} is made of. */
export interface CodexCliBinProblem {
  readonly code: CodexCliBinErrorCode;
  /** What is wrong, with the values. */
  readonly problem: string;
  /** What usually leads there; may be empty. */
  readonly causes?: readonly string[];
  /** What to do about it, each an alternative. */
  readonly mend: readonly string[];
}

/** The Codex runtime was not found or cannot be run. `message` holds problem, causes and mend. */
export class CodexCliBinError extends Error {
  override readonly name = "CodexCliBinError";
  /** Why, as a stable word. */
  readonly code: CodexCliBinErrorCode;
  /** What is wrong, with the values; the first part of `message`. */
  readonly problem: string;
  /** What usually leads there; may be empty. */
  readonly causes: readonly string[];
  /** What to do about it, each an alternative. */
  readonly mend: readonly string[];

  constructor(parts: CodexCliBinProblem, options?: ErrorOptions) {
    const causes = parts.causes ?? [];
    super(
      [parts.problem, ...list("Usual causes:", causes), ...list("To mend it:", parts.mend)].join(
        "\n",
      ),
      options,
    );
    this.code = parts.code;
    this.problem = parts.problem;
    this.causes = causes;
    this.mend = parts.mend;
  }
}

function list(title: string, points: readonly string[]): string[] {
  return points.length === 0 ? [] : [title, ...points.map((point) => `  - ${point}`)];
}
