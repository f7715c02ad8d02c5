import { spawn } from "node:child_process";

import type { Command } from "./packageManagers.js";

/** Options of `run` and `collect`. */
export interface CommandOptions {
  /** Working directory. @default that of this process */
  readonly cwd?: string;
  /** Whole environment of the command. @default that of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the command is killed. @default no limit */
  readonly timeoutMs?: number;
  /** True if the output goes to this process's output instead of the result. @default false */
  readonly inherit?: boolean;
}

/** Exit status and output of a command. */
export interface CommandResult {
  /** Exit code, or the signal that ended the command. */
  readonly status: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command to its end and returns its status and output. Its stdin is empty.
 *
 * @throws Error when the command cannot be started.
 */
export async function collect(
  [file, ...before]: Command,
  args: readonly string[],
  { cwd, env, timeoutMs, inherit = false }: CommandOptions = {},
): Promise<CommandResult> {
  const output = inherit ? "inherit" : "pipe";
  const child = spawn(file, [...before, ...args], {
    stdio: ["ignore", output, output],
    windowsHide: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: "SIGKILL" }),
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const status = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  return { status, stdout, stderr };
}

/**
 * Runs a command to its end and returns what it printed on stdout.
 *
 * @throws Error when the command fails, with its command line, status and output.
 */
export async function run(
  command: Command,
  args: readonly string[],
  options?: CommandOptions,
): Promise<string> {
  const { status, stdout, stderr } = await collect(command, args, options);
  if (status === 0) return stdout;
  const line = [...command, ...args].join(" ");
  throw new Error(`${line} ended with ${status}:\n${`${stdout}${stderr}`.trim()}`);
}
