import { existsSync } from "node:fs";
import { join } from "node:path";

/** Program and the arguments that precede all others. */
export type Command = readonly [file: string, ...args: string[]];

/** Places in which the commands are looked up. */
export interface Lookup {
  /** @default the platform of this process */
  readonly platform?: NodeJS.Platform;
  /** @default the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Returns the command that starts the npm of the PATH.
 *
 * @throws Error when the PATH of Windows does not have it.
 */
export function npmCommand({
  platform = process.platform,
  env = process.env,
}: Lookup = {}): Command {
  return platform === "win32" ? onWindows(env, "npm", ["bin/npm-cli.js"]) : ["npm"];
}

/**
 * Returns the command that starts the pnpm which runs this process, else the one of the PATH.
 *
 * @throws Error when the PATH of Windows does not have it.
 */
export function pnpmCommand({
  platform = process.platform,
  env = process.env,
}: Lookup = {}): Command {
  const running = env["npm_execpath"];
  if (running !== undefined && /pnpm[^/\\]*$/u.test(running)) {
    return /\.[cm]?js$/u.test(running) ? [process.execPath, running] : [running];
  }
  // A module since pnpm 11; from 12 on it starts the native pnpm that is installed with it.
  const scripts = ["bin/pnpm.mjs", "bin/pnpm.cjs"];
  return platform === "win32" ? onWindows(env, "pnpm", scripts) : ["pnpm"];
}

/**
 * Finds a package manager on the PATH of Windows. The commands of packages are `.cmd` files there, which
 * cannot be started without a shell, and a shell would read the arguments once more: the script behind is
 * run by this Node.
 */
function onWindows(env: NodeJS.ProcessEnv, name: string, scripts: readonly string[]): Command {
  for (const folder of windowsPath(env)) {
    const program = join(folder, `${name}.exe`);
    if (existsSync(program)) return [program];
    // Beside the `.cmd` of a global installation, and beside the folder `.bin` of a local one.
    const packages = [join(folder, "node_modules", name), join(folder, "..", name)];
    const candidates = packages.flatMap((root) => scripts.map((script) => join(root, script)));
    const corepack = join(folder, "node_modules", "corepack", "dist", `${name}.js`);
    const script = [...candidates, corepack].find((path) => existsSync(path));
    if (script !== undefined) return [process.execPath, script];
  }
  throw new Error(
    `There is no ${name} on the PATH. Install Node.js with npm, or run: npm install --global ${name}.`,
  );
}

function windowsPath(env: NodeJS.ProcessEnv): readonly string[] {
  // Windows ignores the case of a variable's name; a copied environment does not.
  const key = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  return (env[key] ?? "")
    .split(";")
    .map((folder) => folder.replace(/^"(.*)"$/u, "$1"))
    .filter((folder) => folder !== "");
}
