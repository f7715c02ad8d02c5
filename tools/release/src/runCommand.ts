import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

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
    // Some tools explain themselves on stdout.
    const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-30).join("\n");
    throw new ReleaseError(
      "COMMAND_FAILED",
      `\`${command.join(" ")}\` ended with ${exitCode === null ? "a signal" : `status ${exitCode}`}:\n${said}`,
    );
  }
  return stdout;
}

/** The command line that starts the npm of the PATH. */
export function npmCommand(): [string, ...string[]] {
  return scriptCommand("npm", join("node_modules", "npm", "bin", "npm-cli.js"));
}

/** The command line that starts the pnpm which runs this tool, else the one of the PATH. */
export function pnpmCommand(): [string, ...string[]] {
  const running = process.env["npm_execpath"];
  if (running !== undefined && /pnpm/.test(running)) {
    return /\.[cm]?js$/.test(running) ? [process.execPath, running] : [running];
  }
  return scriptCommand("pnpm", join("node_modules", "pnpm", "bin", "pnpm.cjs"));
}

/**
 * On Windows the commands of npm are `.cmd` files, which cannot be spawned without a shell, and a shell
 * would read the arguments once more: there the script behind is started instead.
 */
function scriptCommand(name: string, script: string): [string, ...string[]] {
  if (process.platform !== "win32") return [name];
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    if (existsSync(join(folder, `${name}.exe`))) return [join(folder, `${name}.exe`)];
    if (existsSync(join(folder, script))) return [process.execPath, join(folder, script)];
  }
  throw new ReleaseError("COMMAND_FAILED", `There is no ${name} on the PATH.`);
}
