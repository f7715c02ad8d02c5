import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

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
 * Returns the command that starts npm. On Windows `npm` is a `.cmd`, which cannot be started without a
 * shell; there the script behind it is run by this Node.
 */
export function npmCommand({
  platform = process.platform,
  env = process.env,
}: Lookup = {}): Command {
  if (platform !== "win32") return ["npm"];
  return ofScript(env, "npm", [join("npm", "bin", "npm-cli.js")]);
}

/** Returns the command that starts pnpm: the running one, or the one on the PATH. */
export function pnpmCommand({
  platform = process.platform,
  env = process.env,
}: Lookup = {}): Command {
  const running = env["npm_execpath"];
  if (running !== undefined && /pnpm[^/\\]*$/u.test(running)) {
    return /\.[cm]?js$/u.test(running) ? [process.execPath, running] : [running];
  }
  if (platform !== "win32") return ["pnpm"];
  for (const folder of pathFolders(env)) {
    const executable = join(folder, "pnpm.exe");
    if (existsSync(executable)) return [executable];
  }
  return ofScript(env, "pnpm", [
    join("pnpm", "bin", "pnpm.mjs"),
    join("pnpm", "bin", "pnpm.cjs"),
    join("..", "pnpm", "bin", "pnpm.mjs"),
    join("..", "pnpm", "bin", "pnpm.cjs"),
  ]);
}

/** Finds a package manager's script in the `node_modules` of a folder of the PATH. */
function ofScript(env: NodeJS.ProcessEnv, name: string, scripts: readonly string[]): Command {
  for (const folder of pathFolders(env)) {
    const script = scripts
      .map((path) => join(folder, "node_modules", path))
      .find((path) => existsSync(path));
    if (script !== undefined) return [process.execPath, script];
  }
  throw new Error(
    `${name} is not on the PATH. Install Node.js with npm, or add ${name} to the PATH.`,
  );
}

function pathFolders(env: NodeJS.ProcessEnv): readonly string[] {
  // Windows ignores the case of a variable's name; a copied environment does not.
  const key = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  return (env[key] ?? "").split(delimiter).filter((folder) => folder !== "");
}
