import { diagnoseHost, type Diagnosis } from "./diagnose.js";
import { thisHost } from "./host.js";
import { findRuntime } from "./resolve.js";

export type { Diagnosis } from "./diagnose.js";
export { CodexCliBinError, type CodexCliBinErrorCode } from "./errors.js";
export { pinnedRuntimeVersion } from "./manifest.js";
export { PACKAGE_NAME } from "./targets.js";

/**
 * The absolute path of the Codex executable: what `CODEX_CLI_BIN_PATH` names, else the one in this
 * platform's package. It was checked to be there, executable and of the pinned version (the override may
 * be of any version).
 *
 * @throws {CodexCliBinError}
 */
export function codexPath(): string {
  return findRuntime(thisHost()).codexPath;
}

/**
 * The folder of the unpacked Codex package, which holds `codex-package.json` and the runtime's resources;
 * `null` if `CODEX_CLI_BIN_PATH` names an executable that stands alone.
 *
 * @throws {CodexCliBinError}
 */
export function codexPackageDir(): string | null {
  return findRuntime(thisHost()).packageDir;
}

/**
 * The folder of the tools that the runtime looks for on its PATH (`rg`), or `null` if there is none.
 *
 * @throws {CodexCliBinError}
 */
export function codexPathDir(): string | null {
  return findRuntime(thisHost()).pathDir;
}

/**
 * The version of the runtime that {@link codexPath} gives, as its package states it; `null` if
 * `CODEX_CLI_BIN_PATH` names an executable that stands alone. Executes nothing.
 *
 * @throws {CodexCliBinError}
 */
export function runtimeVersion(): string | null {
  return findRuntime(thisHost()).version;
}

/**
 * All that the lookup sees: machine, packages, version against pin, and if there is no runtime, why, and
 * what to do. A plain object to print. Never throws, executes nothing.
 */
export function diagnose(): Diagnosis {
  return diagnoseHost(thisHost());
}
