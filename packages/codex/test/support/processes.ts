import { readFileSync } from "node:fs";

/** Returns whether a process of this id runs. One that is dead, and only not waited for yet, does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !isZombie(pid);
}

/** Resolves once none of them runs; gives those that still do up to the tests after so many milliseconds. */
export async function waitUntilGone(pids: readonly number[], timeoutMs = 5000): Promise<number[]> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const alive = pids.filter(isAlive);
    if (alive.length === 0 || performance.now() > end) return alive;
    // The system tells of the end of a process that is no child of ours in no other way.
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isZombie(pid: number): boolean {
  if (process.platform !== "linux") return false;
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Exit facts of a killed process. Windows has no signals: there the exit code is 1. */
export function exitOfKilled(signal: NodeJS.Signals): {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
} {
  return process.platform === "win32" ? { exitCode: 1, signal: null } : { exitCode: null, signal };
}
