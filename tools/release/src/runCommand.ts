import { spawn } from "node:child_process";

import { type Command, npmCommand as findNpm, pnpmCommand as findPnpm } from "@codex-tools/process";

import { ReleaseError } from "./releaseError.js";

export interface CommandOptions {
  readonly cwd?: string | undefined;
  /** Added to this process's environment. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** After this many milliseconds the command is killed; without it, never. */
  readonly timeoutMs?: number | undefined;
}

export interface CommandResult {
  /** Null if a signal ended the command. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end and collects what it prints. Fails only if it cannot be started. */
export async function runCommand(
  command: readonly [string, ...string[]],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const [file, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: options.timeoutMs,
      // A command that hangs may ignore the polite signal, too.
      killSignal: "SIGKILL",
      windowsHide: true,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.once("error", (cause) => {
      reject(
        new ReleaseError("COMMAND_FAILED", `Could not start ${file}: ${cause.message}.`, { cause }),
      );
    });
    child.once("close", (exitCode) => {
      resolve({
        exitCode,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      });
    });
  });
}

/** Like {@link runCommand}, but an exit status other than 0 is a ReleaseError `COMMAND_FAILED`. */
export async function runOrThrow(
  command: readonly [string, ...string[]],
  options: CommandOptions = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(command, options);
  if (exitCode !== 0) {
    // Some tools print their errors on stdout.
    const printed = `${stdout}\n${stderr}`.trim().split("\n").slice(-30).join("\n");
    const end = exitCode === null ? "a signal" : `status ${exitCode}`;
    throw new ReleaseError(
      "COMMAND_FAILED",
      `\`${command.join(" ")}\` ended with ${end}: ${reasonIn(stderr) ?? "its output follows"}\n${printed}`,
    );
  }
  return stdout;
}

/**
 * The reason of a failure in what a command printed on stderr: its first line that is neither a notice nor
 * a warning, without the prefix of npm. Null if there is none.
 */
export function reasonIn(stderr: string): string | null {
  const reasons = stderr
    .split("\n")
    .filter((line) => !/^\s*(npm )?(notice|warn|http|verbose|timing)\b/i.test(line))
    .map((line) => line.replace(/^npm (ERR!|error)\s*/, "").trim())
    .filter((line) => line !== "" && !/^(code|errno|syscall|path) \S|^A complete log/.test(line));
  return reasons[0] ?? null;
}

/**
 * Returns the command line that starts the npm of the PATH.
 *
 * @throws ReleaseError `COMMAND_FAILED`
 */
export function npmCommand(): Command {
  return found(findNpm);
}

/**
 * Returns the command line that starts the pnpm which runs this tool, else the one of the PATH.
 *
 * @throws ReleaseError `COMMAND_FAILED`
 */
export function pnpmCommand(): Command {
  return found(findPnpm);
}

function found(find: () => Command): Command {
  try {
    return find();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReleaseError("COMMAND_FAILED", reason, { cause });
  }
}
