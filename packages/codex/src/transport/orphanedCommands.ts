import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Variable that marks a runtime and, because they inherit it, the commands that it runs. */
export const RUNTIME_MARK = "CODEX_SDK_RUNTIME_ID";

/** Finds the processes whose environment has `mark`, a variable with its value. Returns their ids. */
export type ProcessReader = (mark: string) => readonly number[];

/** A command may start another one while the processes are read. */
const MAX_ROUNDS = 5;
/** Time limit for one list of processes, in milliseconds; the host's event loop waits for it. */
const PS_TIMEOUT_MS = 500;
/** Room for the arguments and environments of thousands of processes, in bytes. */
const PS_MAX_BYTES = 64 * 1024 * 1024;

/**
 * Ends the commands of a runtime that was killed. The runtime ends them only when it ends in order. A
 * command outside the sandbox has a session of its own and no parent left, so only its environment shows
 * where it belongs.
 *
 * macOS hides the environment of the programs that it protects (those in /bin and /usr/bin), so there a
 * command of that kind is not found; the programs that it started are. On other systems than Linux and
 * macOS this does nothing.
 */
export function endOrphanedCommands(
  runtimeId: string,
  readProcesses: ProcessReader | undefined = readerOf(process.platform),
  kill: (pid: number) => void = killProcess,
): void {
  if (readProcesses === undefined) return;
  const mark = `${RUNTIME_MARK}=${runtimeId}`;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const found = readProcesses(mark);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
}

/** Returns the reader for a platform, as `process.platform`, or `undefined` if environments cannot be read there. */
export function readerOf(platform: string): ProcessReader | undefined {
  switch (platform) {
    case "linux":
      return readProc;
    case "darwin":
      return (mark) => markedPids(listWithEnvironment(), mark);
    default:
      return undefined;
  }
}

/**
 * Returns the ids of the processes in a list whose line has `mark`: `<pid> <command> <environment>`, as
 * `ps -axEww -o pid=,command=` prints it.
 */
export function markedPids(list: string, mark: string): readonly number[] {
  return list.split("\n").flatMap((line) => {
    const pid = /^\s*(\d+)\s/.exec(line)?.[1];
    return pid !== undefined && line.split(" ").includes(mark) ? [Number(pid)] : [];
  });
}

function listWithEnvironment(): string {
  const { stdout } = spawnSync("/bin/ps", ["-axEww", "-o", "pid=,command="], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: PS_TIMEOUT_MS,
    maxBuffer: PS_MAX_BYTES,
  });
  // `null` if it could not be started, in spite of the types.
  const output: string | null = stdout;
  return output ?? "";
}

function readProc(mark: string): readonly number[] {
  return processIds().flatMap((id) => {
    try {
      const variables = readFileSync(`/proc/${id}/environ`, "utf8").split("\0");
      return variables.includes(mark) ? [Number(id)] : [];
    } catch {
      // The process has ended, or belongs to another user.
      return [];
    }
  });
}

function processIds(): readonly string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    // Without /proc, or without a free file descriptor, nothing can be found.
    return [];
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // The process has ended already.
  }
}
