import { readFileSync } from "node:fs";

import { CodexCliBinError, type CodexCliBinErrorCode } from "./errors.js";
import { ownWorkingDirectory } from "./executable.js";
import { USE_ANOTHER } from "./failures.js";
import type { Host } from "./host.js";
import { stringMember } from "./layout.js";
import { diagnoseLogin, type LoginDiagnosis } from "./login.js";
import { pinnedRuntimeVersion } from "./manifest.js";
import { findRuntime, installedPackages, overrideOf, type Runtime } from "./resolve.js";
import { targetOf } from "./targets.js";

/** Facts about this machine and installation: plain data to print or to put into a bug report. */
export interface Diagnosis {
  /** As `process.platform`. */
  readonly platform: string;
  /** As `process.arch`. */
  readonly arch: string;
  /** C library, such as `glibc 2.39` or `musl`; `null` on other systems than Linux. */
  readonly libc: string | null;
  /** Working directory of this process, or `null` if it has been removed. */
  readonly workingDirectory: string | null;
  /** Version of the runtime that this package accepts. */
  readonly pinnedVersion: string;
  /** Value of `CODEX_CLI_BIN_PATH`, or `null`. */
  readonly override: string | null;
  /** Package that contains the runtime of this platform, or `null` if there is no build. */
  readonly packageTried: string | null;
  /** File from which packages are resolved; `null` in a compiled executable. */
  readonly lookedFrom: string | null;
  /** `true` if a bundler moved the code of this package. */
  readonly isBundled: boolean;
  /** `true` if only the files that a program imports were deployed (file tracing). */
  readonly isTraced: boolean;
  /** Platform packages that are installed, for any platform. */
  readonly packagesFound: readonly {
    readonly name: string;
    readonly version: string | null;
    readonly manifestPath: string;
  }[];
  /** Stored login that can be seen without starting the runtime. */
  readonly login: LoginDiagnosis;
  /** Result of the lookup. */
  readonly outcome:
    | {
        readonly kind: "found";
        readonly source: "override" | "package";
        readonly codexPath: string;
        readonly codexPackageDir: string | null;
        readonly codexPathDir: string | null;
        /** `null` if the override is outside a package. */
        readonly version: string | null;
        /** `null` if the version is not known. */
        readonly isPinnedVersion: boolean | null;
        readonly isExecutable: true;
      }
    | {
        readonly kind: "failed";
        readonly code: CodexCliBinErrorCode;
        readonly problem: string;
        readonly causes: readonly string[];
        readonly remedies: readonly string[];
        /** `false` if a file was found that may not be executed; `null` if no file was found. */
        readonly isExecutable: false | null;
      };
}

/** Runs the lookup and reports on it. Never throws, executes nothing. */
export function diagnoseHost(readHost: () => Host): Diagnosis {
  let host: Host;
  try {
    host = readHost();
  } catch (error) {
    return withoutHost(error);
  }
  return {
    platform: host.platform,
    arch: host.arch,
    libc: host.libc(),
    workingDirectory: workingDirectoryOrNull(),
    pinnedVersion: host.pinnedVersion,
    override: overrideOf(host),
    packageTried: targetOf(host.platform, host.arch)?.packageName ?? null,
    lookedFrom: host.packages.from,
    isBundled: host.packages.isBundled,
    isTraced: host.packages.isTraced,
    packagesFound: installedPackages(host).map(({ target, manifestPath }) => ({
      name: target.packageName,
      version: versionIn(manifestPath),
      manifestPath,
    })),
    login: diagnoseLogin(host.env),
    outcome: outcomeOf(host),
  };
}

/** Reports on an installation of which not even this package's own manifest can be read. */
function withoutHost(error: unknown): Diagnosis {
  return {
    platform: process.platform,
    arch: process.arch,
    libc: null,
    workingDirectory: workingDirectoryOrNull(),
    pinnedVersion: pinnedRuntimeVersion(),
    override: null,
    packageTried: targetOf(process.platform, process.arch)?.packageName ?? null,
    lookedFrom: null,
    isBundled: false,
    isTraced: false,
    packagesFound: [],
    login: diagnoseLogin(process.env),
    outcome: failedOutcome(error),
  };
}

function outcomeOf(host: Host): Diagnosis["outcome"] {
  let runtime: Runtime;
  try {
    runtime = findRuntime(host);
  } catch (error) {
    return failedOutcome(error);
  }
  const { source, codexPath, packageDir, pathDir, version } = runtime;
  return {
    kind: "found",
    source,
    codexPath,
    codexPackageDir: packageDir,
    codexPathDir: pathDir,
    version,
    isPinnedVersion: version === null ? null : version === host.pinnedVersion,
    isExecutable: true,
  };
}

function failedOutcome(error: unknown): Diagnosis["outcome"] {
  const { code, problem, causes, remedies } = asCliBinError(error);
  const isExecutable = code === "NOT_EXECUTABLE" || code === "NOT_AN_EXE" ? false : null;
  return { kind: "failed", code, problem, causes, remedies, isExecutable };
}

// The lookup throws nothing else. A diagnosis must not throw even if that is wrong.
function asCliBinError(error: unknown): CodexCliBinError {
  return error instanceof CodexCliBinError
    ? error
    : new CodexCliBinError(
        {
          code: "SYSTEM_ERROR",
          problem: `The lookup failed: ${String(error)}`,
          remedies: [USE_ANOTHER],
        },
        { cause: error },
      );
}

function workingDirectoryOrNull(): string | null {
  try {
    return ownWorkingDirectory();
  } catch {
    return null;
  }
}

function versionIn(manifestPath: string): string | null {
  try {
    return stringMember(JSON.parse(readFileSync(manifestPath, "utf8")), "version");
  } catch {
    return null;
  }
}
