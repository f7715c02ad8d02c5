import { diagnoseHost, type Diagnosis } from "./diagnose.js";
import { thisHost } from "./host.js";
import { findRuntime } from "./resolve.js";

export type { Diagnosis } from "./diagnose.js";
export { CodexCliBinError, type CodexCliBinErrorCode } from "./errors.js";
export { pinnedRuntimeVersion } from "./manifest.js";
export { PACKAGE_NAME } from "./targets.js";

/**
 * Returns the absolute path of the Codex executable: the one that `CODEX_CLI_BIN_PATH` names, else the
 * one in this platform's package. The file exists and is executable. The packaged one has the pinned
 * version; the override may have any version.
 *
 * @throws {CodexCliBinError}
 */
export function codexPath(): string {
  return findRuntime(thisHost()).codexPath;
}

/**
 * Returns the folder of the unpacked Codex package, with `codex-package.json` and the resources of the
 * runtime, or `null` if `CODEX_CLI_BIN_PATH` names an executable outside a package.
 *
 * @throws {CodexCliBinError}
 */
export function codexPackageDir(): string | null {
  return findRuntime(thisHost()).packageDir;
}

/**
 * Returns the folder of the tools that the runtime looks for on its PATH (`rg`), or `null` if there is none.
 *
 * @throws {CodexCliBinError}
 */
export function codexPathDir(): string | null {
  return findRuntime(thisHost()).pathDir;
}

/**
 * Returns the version of the runtime that {@link codexPath} returns, read from its package, or `null` if
 * `CODEX_CLI_BIN_PATH` names an executable outside a package. Executes nothing.
 *
 * @throws {CodexCliBinError}
 */
export function runtimeVersion(): string | null {
  return findRuntime(thisHost()).version;
}

/**
 * Reports on machine, packages, versions and login as a plain object to print and, if there is no
 * runtime, why, with remedies. Never throws, executes nothing, and contains no secret.
 */
export function diagnose(): Diagnosis {
  return diagnoseHost(thisHost);
}
