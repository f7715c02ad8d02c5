import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A program and the arguments that come before all others. */
export type Command = readonly [file: string, ...args: string[]];

/** Runs a command to its end; fails with what it printed when it does. */
export async function run(
  [file, ...before]: Command,
  args: readonly string[],
  cwd?: string,
): Promise<void> {
  const child = spawn(file, [...before, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
    ...(cwd === undefined ? {} : { cwd }),
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const status = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  if (status === 0) return;
  throw new Error(`${[file, ...before, ...args].join(" ")} ended with ${status}:\n${said.trim()}`);
}

/**
 * The npm of the PATH. On Windows that is a `.cmd`, which cannot be started without a shell: there the
 * script behind it is run by this Node.
 */
export function npmCommand(
  platform: NodeJS.Platform = process.platform,
  path: string = process.env["PATH"] ?? "",
): Command {
  if (platform !== "win32") return ["npm"];
  for (const folder of path.split(delimiter)) {
    const script = join(folder, "node_modules", "npm", "bin", "npm-cli.js");
    if (existsSync(script)) return [process.execPath, script];
  }
  throw new Error("There is no npm on the PATH.");
}
