import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { main } from "../../src/cli/main.js";

/** Output and exit status of a run of the tool. */
export interface ToolRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the tool in this process. */
export async function runTool(...args: readonly string[]): Promise<ToolRun> {
  let [stdout, stderr] = ["", ""];
  const exitCode = await main(args, {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
  });
  return { exitCode, stdout, stderr };
}

/** The built tool, as one file. */
export const BUNDLE = fileURLToPath(new URL("../../dist/bundle/release.mjs", import.meta.url));

/** A run of the built tool that can be killed. */
export interface KillableTool extends AsyncDisposable {
  readonly kill: () => Promise<void>;
  /** Rejects when the tool ends by itself, with what it printed on stderr; never resolves. */
  readonly ended: Promise<never>;
}

/** Starts the built tool as a process group of its own, with its temporary files below `scratch`. */
export function startTool(args: readonly string[], scratch: string): KillableTool {
  const isWindows = process.platform === "win32";
  const child = spawn(process.execPath, [BUNDLE, ...args], {
    detached: !isWindows,
    stdio: ["ignore", "ignore", "pipe"],
    // A killed process cannot clean up behind itself.
    env: { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch },
  });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const exited = once(child, "exit");
  const ended = exited.then(([status]) => {
    throw new Error(`The tool has ended by itself (${String(status)}): ${stderr}`);
  });
  // A test that has killed the tool does not wait for it.
  ended.catch(() => {});
  const kill = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      if (isWindows) child.kill("SIGKILL");
      else process.kill(-child.pid, "SIGKILL");
    }
    await exited;
  };
  return { kill, ended, [Symbol.asyncDispose]: kill };
}
