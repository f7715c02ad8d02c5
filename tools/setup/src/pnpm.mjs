// Runs pnpm on a machine that may never have seen it. Plain JavaScript: nothing is built or
// installed yet when it runs.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const rootFolder = fileURLToPath(new URL("../../../", import.meta.url));

/** The pinned package manager, as npm names it: `pnpm@<version>`. */
export function pinnedPnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(rootFolder, "package.json"), "utf8"));
  return packageManager;
}

/**
 * The command that runs the pinned pnpm: through the npm that started this script, as npm keeps what
 * it fetches. npm is run as a script by this very Node, which needs no shell on any system.
 */
export function pnpmCommand(args, env = process.env) {
  return {
    file: process.execPath,
    args: [npmScript(env), "exec", "--yes", `--package=${pinnedPnpm()}`, "--", "pnpm", ...args],
  };
}

function npmScript(env) {
  const npm = env.npm_execpath;
  if (npm !== undefined && /npm-cli\.[cm]?js$/.test(npm)) return npm;
  // Started by another package manager, or by hand: npm stands beside Node.
  const prefix = dirname(process.execPath);
  return process.platform === "win32"
    ? join(prefix, "node_modules", "npm", "bin", "npm-cli.js")
    : join(prefix, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");
}

/** Runs a command in the root folder with its output shown; ends this process when it fails. */
export async function run(title, { file, args }, env = process.env) {
  process.stdout.write(`\n> ${title}\n`);
  const child = spawn(file, args, { cwd: rootFolder, env, stdio: "inherit", windowsHide: true });
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (...outcome) => resolve(outcome));
  });
  if (code === 0) return;
  process.stderr.write(`\nFailed: ${title} (${signal ?? `exit status ${code}`})\n`);
  process.exit(code ?? 1);
}

/** Installs what the lock file says, and builds: all of it, or what `packageName` needs. */
export async function setUp(packageName) {
  // The root brings the tools and the runtime of this machine.
  const root = JSON.parse(readFileSync(join(rootFolder, "package.json"), "utf8")).name;
  const needed =
    packageName === undefined ? [] : [`--filter=${root}`, `--filter=${packageName}...`];
  const install = ["install", "--frozen-lockfile", "--prefer-offline", ...needed];
  await run(`Installing the dependencies (${pinnedPnpm()})`, pnpmCommand(install));
  const build = ["exec", "turbo", "run", "build"];
  if (packageName !== undefined) build.push(`--filter=${packageName}`);
  await run("Building", pnpmCommand(build));
}
