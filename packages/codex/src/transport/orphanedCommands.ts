import { readdirSync, readFileSync } from "node:fs";

/** The variable that marks a runtime and, as they inherit it, the commands that it runs. */
export const RUNTIME_MARK = "CODEX_SDK_RUNTIME_ID";

/**
 * Ends the commands of a runtime that was killed: it ends them itself only when it ends in good order.
 * A command outside of the sandbox has a session of its own and no parent left to know it by; only its
 * environment tells. Linux alone lets a process read that of another.
 */
export function endOrphanedCommands(runtimeId: string): void {
  if (process.platform !== "linux") return;
  const mark = `${RUNTIME_MARK}=${runtimeId}`;
  // Again until none is found: one may have started another while this was looking.
  for (let round = 0; round < 5; round += 1) {
    const found = processesMarked(mark);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
}

function processesMarked(mark: string): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const variables = readFileSync(`/proc/${name}/environ`, "utf8").split("\0");
      return variables.includes(mark) ? [Number(name)] : [];
    } catch {
      // Gone meanwhile, or another user's.
      return [];
    }
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone meanwhile, which is what was wanted.
  }
}
