// Plain JavaScript: nothing is built or installed yet when this runs.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Root folder of the repository. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Root manifest. */
export function rootManifest() {
  return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
}

/**
 * Returns the command that runs the pinned pnpm through npm, which keeps what it downloads. npm is
 * run as a script by this Node, which needs no shell on any platform.
 */
export function pnpmCommand(args, env = process.env) {
  const pnpm = rootManifest().packageManager;
  return {
    file: process.execPath,
    args: [npmScript(env), "exec", "--yes", `--package=${pnpm}`, "--", "pnpm", ...args],
  };
}

function npmScript(env) {
  const npm = env.npm_execpath;
  if (npm !== undefined && /npm-cli\.[cm]?js$/.test(npm)) return npm;
  // Not started by npm: npm is installed beside Node.
  const prefix = dirname(process.execPath);
  return process.platform === "win32"
    ? join(prefix, "node_modules", "npm", "bin", "npm-cli.js")
    : join(prefix, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");
}

/**
 * Runs a command in the root folder and returns whether it succeeded. With `quiet`, its output is
 * shown only when it fails.
 */
export async function run(title, { file, args }, { quiet = false } = {}) {
  process.stdout.write(`\n> ${title}\n`);
  const child = spawn(file, args, {
    cwd: ROOT,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1" },
    stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    windowsHide: true,
  });
  const output = [];
  child.stdout?.on("data", (chunk) => output.push(chunk));
  child.stderr?.on("data", (chunk) => output.push(chunk));
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (...outcome) => resolve(outcome));
  });
  if (code === 0) return true;
  process.stderr.write(Buffer.concat(output));
  process.stderr.write(`\nFailed: ${title} (${signal ?? `exit status ${code}`})\n`);
  return false;
}
