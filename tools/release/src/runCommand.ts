import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

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

/** Places in which a command is looked up; replaced by tests for other systems. */
export interface CommandHost {
  readonly platform: NodeJS.Platform;
  /** Value of the variable PATH. */
  readonly path: string;
  /** Value of npm_execpath, the package manager that runs this process. */
  readonly running?: string | undefined;
}

const thisHost = (): CommandHost => ({
  platform: process.platform,
  path: process.env["PATH"] ?? "",
  running: process.env["npm_execpath"],
});

/** Returns the command line that starts the npm of the PATH. */
export function npmCommand(host: CommandHost = thisHost()): [string, ...string[]] {
  return scriptCommand("npm", ["bin/npm-cli.js"], host);
}

/** Returns the command line that starts the pnpm which runs this tool, else the one of the PATH. */
export function pnpmCommand(host: CommandHost = thisHost()): [string, ...string[]] {
  const { running } = host;
  if (running !== undefined && /pnpm[^\\/]*$/.test(running)) {
    return /\.[cm]?js$/.test(running) ? [process.execPath, running] : [running];
  }
  // A module since pnpm 11; from 12 on it starts the native pnpm that is installed with it.
  return scriptCommand("pnpm", ["bin/pnpm.mjs", "bin/pnpm.cjs"], host);
}

/**
 * On Windows the commands of packages are `.cmd` files, which cannot be spawned without a shell, and a
 * shell would read the arguments once more: there the script behind is started instead.
 */
function scriptCommand(
  name: string,
  scripts: readonly string[],
  { platform, path }: CommandHost,
): [string, ...string[]] {
  if (platform !== "win32") return [name];
  for (const folder of path.split(";")) {
    const program = join(folder, `${name}.exe`);
    if (existsSync(program)) return [program];
    // Beside the `.cmd` of a global installation, and beside the folder `.bin` of a local one.
    const packages = [join(folder, "node_modules", name), join(folder, "..", name)];
    const corepack = join(folder, "node_modules", "corepack", "dist", `${name}.js`);
    const candidates = packages.flatMap((root) => scripts.map((script) => join(root, script)));
    const found = [...candidates, ...(name === "pnpm" ? [corepack] : [])].find(existsSync);
    if (found !== undefined) return [process.execPath, found];
  }
  throw new ReleaseError(
    "COMMAND_FAILED",
    `There is no ${name} on the PATH. Install it: npm install --global ${name}.`,
  );
}
