import { readFileSync } from "node:fs";

import { CodexCliBinError, type CodexCliBinErrorCode } from "./errors.js";
import { OVERRIDE_VARIABLE } from "./failures.js";
import type { Host } from "./host.js";
import { stringMember } from "./layout.js";
import { findRuntime, installedPackages, overrideOf, type Runtime } from "./resolve.js";
import { PACKAGE_NAME, targetOf } from "./targets.js";

/** What the lookup sees on this machine: plain data, fit for `console.log` and for a bug report. */
export interface Diagnosis {
  /** As `process.platform`. */
  readonly platform: string;
  /** As `process.arch`. */
  readonly arch: string;
  /** The C library, such as `glibc 2.39` or `musl`; `null` off Linux. */
  readonly libc: string | null;
  /** The version of the runtime that is wanted. */
  readonly pinnedVersion: string;
  /** What `CODEX_CLI_BIN_PATH` names, or `null`. */
  readonly override: string | null;
  /** The package that holds this platform's runtime, or `null` where there is no build. */
  readonly packageTried: string | null;
  /** The file from which packages are looked for; `null` in a compiled executable. */
  readonly lookedFrom: string | null;
  /** Whether the code of this package was moved by a bundler. */
  readonly isBundled: boolean;
  /** The platform packages that are installed, of whatever platform. */
  readonly packagesFound: readonly {
    readonly name: string;
    readonly version: string | null;
    readonly manifestPath: string;
  }[];
  /** What the lookup comes to. */
  readonly outcome:
    | {
        readonly kind: "found";
        readonly source: "override" | "package";
        readonly codexPath: string;
        readonly codexPackageDir: string | null;
        readonly codexPathDir: string | null;
        /** `null` if the override stands alone. */
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
        readonly mend: readonly string[];
        /** `false` if a file was found that may not be executed; `null` if no file was found. */
        readonly isExecutable: false | null;
      };
}

/** Runs the lookup and tells all about it. Executes nothing. */
export function diagnoseHost(host: Host): Diagnosis {
  return {
    platform: host.platform,
    arch: host.arch,
    libc: host.libc(),
    pinnedVersion: host.pinnedVersion,
    override: overrideOf(host),
    packageTried: targetOf(host.platform, host.arch)?.packageName ?? null,
    lookedFrom: host.packages.from,
    isBundled: host.packages.isBundled,
    packagesFound: installedPackages(host).map(({ target, manifestPath }) => ({
      name: target.packageName,
      version: versionIn(manifestPath),
      manifestPath,
    })),
    outcome: outcomeOf(host),
  };
}

function outcomeOf(host: Host): Diagnosis["outcome"] {
  let runtime: Runtime;
  try {
    runtime = findRuntime(host);
  } catch (error) {
    const { code, problem, causes, mend } = asCliBinError(error);
    const isExecutable = code === "NOT_EXECUTABLE" || code === "NOT_AN_EXE" ? false : null;
    return { kind: "failed", code, problem, causes, mend, isExecutable };
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

// The lookup throws nothing else, but a diagnosis that throws would be none.
function asCliBinError(error: unknown): CodexCliBinError {
  return error instanceof CodexCliBinError
    ? error
    : new CodexCliBinError(
        {
          code: "PACKAGE_DAMAGED",
          problem: `The lookup itself failed: ${String(error)}`,
          mend: [`install ${PACKAGE_NAME} again`, `or set ${OVERRIDE_VARIABLE}`],
        },
        { cause: error },
      );
}

function versionIn(manifestPath: string): string | null {
  try {
    return stringMember(JSON.parse(readFileSync(manifestPath, "utf8")), "version");
  } catch {
    return null;
  }
}
