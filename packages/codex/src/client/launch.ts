import { isAbsolute, resolve } from "node:path";

import { CodexCliBinError, codexPath, codexPathDir } from "@openai/codex-cli-bin";
import { prependToPath } from "@openai/codex-cli-bin/environment";
import {
  checkExecutable,
  checkWorkingDirectory,
  explainSpawnError,
  ownWorkingDirectory,
} from "@openai/codex-cli-bin/executable";

import { type CodexStartErrorCode, CodexStartError, InvalidOptionError } from "../errors.js";
import type { ChildCommand } from "../transport/childProcess.js";
import { inheritedEnv } from "./inheritedEnv.js";
import { toLaunchConfig } from "./launchOptions.js";
import type { ClientOptions } from "./options.js";
import { toConfigArgs } from "./tomlConfig.js";

/** Command that starts the runtime. */
export interface LaunchCommand extends ChildCommand {
  /** Origin of `file`, for messages: an option, or the installed runtime. */
  readonly source: string;
}

/**
 * Returns the command that starts the runtime for these options.
 *
 * @throws InvalidOptionError if `cwd` is not a directory that may be entered
 * @throws CodexStartError if there is no runtime to start
 */
export function toLaunchCommand(options: ClientOptions): LaunchCommand {
  const [program, ...programArgs] = options.launchArgs ?? [];
  if (program !== undefined) {
    return {
      ...toSurroundings(options),
      file: program,
      source: "the option launchArgs",
      args: programArgs,
    };
  }
  const args = [...toConfigArgs(toLaunchConfig(options)), "app-server", "--listen", "stdio://"];
  return toRuntimeCommand(options, args);
}

/** Options of a process of the runtime, whatever it is started for. */
export type ProcessOptions = Pick<ClientOptions, "codexPath" | "cwd" | "env" | "inheritEnv">;

function toSurroundings(options: ProcessOptions): Pick<LaunchCommand, "env" | "cwd"> {
  checkCwd(options.cwd);
  const env = mergeEnv(inheritedEnv(process.env, options.inheritEnv ?? true), options.env ?? {});
  return options.cwd === undefined ? { env } : { env, cwd: options.cwd };
}

/**
 * Returns the command that runs the runtime's program with arguments.
 *
 * @throws InvalidOptionError if `cwd` is not a directory that may be entered
 * @throws CodexStartError if there is no runtime to start
 */
export function toRuntimeCommand(options: ProcessOptions, args: readonly string[]): LaunchCommand {
  const { env, ...cwd } = toSurroundings(options);
  if (options.codexPath !== undefined) {
    return { ...checkCodexPath(options.codexPath), args, env, ...cwd };
  }
  const { path, toolsDir } = findInstalledRuntime();
  const withTools = toolsDir === null ? env : prependToPath(env, toolsDir);
  return { file: path, source: "the Codex runtime", args, env: withTools, ...cwd };
}

function checkCwd(cwd: string | undefined): void {
  try {
    checkWorkingDirectory(cwd);
  } catch (error) {
    const isOption = cwd !== undefined && error instanceof CodexCliBinError;
    throw isOption && error.code === "NO_WORKING_DIRECTORY"
      ? new InvalidOptionError("cwd", error.message, { cause: error })
      : toStartError(error);
  }
}

function findInstalledRuntime(): { readonly path: string; readonly toolsDir: string | null } {
  try {
    return { path: codexPath(), toolsDir: codexPathDir() };
  } catch (error) {
    throw toStartError(error);
  }
}

function checkCodexPath(path: string): Pick<LaunchCommand, "file" | "source"> {
  const source = "the option codexPath";
  try {
    // A relative path is relative to this process; the runtime may start in another directory.
    const file = isAbsolute(path) ? resolve(path) : resolve(ownWorkingDirectory(), path);
    checkExecutable(file, source);
    return { file, source };
  } catch (error) {
    throw toStartError(error);
  }
}

/** Makes the error for the caller. The lookup explains the problem and its remedies; that stays the message. */
function toStartError(cause: unknown): unknown {
  return cause instanceof CodexCliBinError
    ? new CodexStartError(startErrorCodeOf(cause), cause.message, { cause })
    : cause;
}

function startErrorCodeOf({ code }: CodexCliBinError): CodexStartErrorCode {
  switch (code) {
    case "NOT_EXECUTABLE":
    case "NOT_AN_EXE":
    case "CANNOT_EXECUTE":
      return "RUNTIME_NOT_EXECUTABLE";
    case "NO_WORKING_DIRECTORY":
    case "SYSTEM_ERROR":
      return "START_FAILED";
    default:
      return "RUNTIME_NOT_FOUND";
  }
}

/** Explains the system's refusal to start a command: the file, the working directory, or the system itself. */
export function explainSpawnFailure(command: LaunchCommand, error: unknown): unknown {
  const { file, source, cwd, env } = command;
  return toStartError(explainSpawnError(file, source, error, process.platform, { cwd, env }));
}

/** Returns `base` with `overrides` applied. On Windows, names that differ only by case are one variable. */
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
