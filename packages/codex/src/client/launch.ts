import { statSync } from "node:fs";
import { resolve } from "node:path";

import { CodexCliBinError, codexPath, codexPathDir } from "@openai/codex-cli-bin";
import { prependToPath } from "@openai/codex-cli-bin/environment";
import { checkExecutable, explainSpawnError } from "@openai/codex-cli-bin/executable";

import { CodexStartError, InvalidOptionError } from "../errors.js";
import type { ChildCommand } from "../transport/childProcess.js";
import type { ClientOptions } from "./options.js";
import { toConfigArgs } from "./tomlConfig.js";

/** The command that starts the runtime for these options. Throws before anything is started. */
export function toLaunchCommand(options: ClientOptions): ChildCommand {
  const { cwd, launchArgs } = options;
  if (cwd !== undefined && statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new InvalidOptionError(
      "cwd",
      `${JSON.stringify(cwd)} is no folder; pass one that exists.`,
    );
  }
  const env = mergeEnv(process.env, options.env ?? {});
  const place = cwd === undefined ? {} : { cwd };
  const [file, ...args] = launchArgs ?? [];
  if (file !== undefined) return { file, args, env, ...place };
  const serverArgs = [...toConfigArgs(options.config ?? {}), "app-server", "--listen", "stdio://"];
  if (options.codexPath !== undefined) {
    return { file: checkCodexPath(options.codexPath), args: serverArgs, env, ...place };
  }
  const { path, toolsDir } = findInstalledRuntime();
  const withTools = toolsDir === null ? env : prependToPath(env, toolsDir);
  return { file: path, args: serverArgs, env: withTools, ...place };
}

function findInstalledRuntime(): { readonly path: string; readonly toolsDir: string | null } {
  try {
    return { path: codexPath(), toolsDir: codexPathDir() };
  } catch (error) {
    throw toStartError(error);
  }
}

function checkCodexPath(path: string): string {
  try {
    checkExecutable(path, "the option codexPath");
    // It was found from this process's folder, and is to be started in the runtime's.
    return resolve(path);
  } catch (error) {
    throw toStartError(error);
  }
}

/** The lookup explains what is wrong with the install, and how to mend it: that stays the message. */
function toStartError(cause: unknown): unknown {
  if (!(cause instanceof CodexCliBinError)) return cause;
  const isUnusable = cause.code === "NOT_EXECUTABLE" || cause.code === "CANNOT_EXECUTE";
  const code = isUnusable ? "RUNTIME_NOT_EXECUTABLE" : "RUNTIME_NOT_FOUND";
  return new CodexStartError(code, cause.message, { cause });
}

/** What the system's failure to start `file` means, and what to do. */
export function explainSpawnFailure(file: string, error: unknown): unknown {
  return toStartError(explainSpawnError(file, "the Codex runtime", error));
}

/** `overrides` over `base`, where names that differ in case alone are one on Windows. */
export function mergeEnv(
  base: NodeJS.ProcessEnv,
  overrides: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...base };
  for (const [name, value] of Object.entries(overrides)) {
    if (platform === "win32") {
      for (const other of Object.keys(env)) {
        if (other.toUpperCase() === name.toUpperCase()) delete env[other];
      }
    }
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
  return env;
}
