import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { StoredTurn, WorkerLine } from "./conversation.js";

const worker = fileURLToPath(new URL("./worker.js", import.meta.url));

/** A host from its start to its death. */
export interface HostLife {
  readonly threadId: string;
  readonly sandbox: string | undefined;
  /** The history that it found. */
  readonly found: readonly StoredTurn[];
  /** The turns whose results it has shown. */
  readonly shown: readonly StoredTurn[];
  /** Input of a turn that it had begun; `undefined` between two turns. */
  readonly begun: string | undefined;
  /** The last thing that it did. */
  readonly last: string;
}

/**
 * Starts a host, kills it and its runtime (SIGKILL) as soon as it has done `steps` things with its open thread,
 * and deletes its home.
 */
export async function runAndKill(args: readonly string[], steps: number): Promise<HostLife> {
  const host = spawn(process.execPath, [worker, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(host, "close");
  let stderr = "";
  host.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  let root: string | undefined;
  try {
    let opened: Extract<WorkerLine, { kind: "open" }> | undefined;
    const shown: StoredTurn[] = [];
    let begun: string | undefined;
    let done = 0;
    for await (const text of createInterface({ input: host.stdout })) {
      // SAFETY: the worker prints lines of this type only.
      const line = JSON.parse(text) as WorkerLine;
      if (line.kind === "home") root = line.root;
      else if (line.kind === "open") opened = line;
      else if (line.kind === "begin") begun = line.input;
      else if (line.kind === "end") {
        shown.push(line.turn);
        begun = undefined;
      }
      if (opened === undefined || line.kind === "open") continue;
      done += 1;
      if (done < steps) continue;
      const last = line.kind === "event" ? line.method : line.kind;
      const { threadId, sandbox, turns } = opened;
      return { threadId, sandbox, found: turns, shown, begun, last };
    }
    throw new Error(`a host has ended by itself: ${stderr}`);
  } finally {
    const runtimes = await childrenOf(host.pid ?? 0);
    host.kill("SIGKILL");
    for (const pid of runtimes) killGroup(pid);
    await ended;
    if (root !== undefined) {
      await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const path = `/proc/${pid}/task/${pid}/children`;
  const text = await readFile(path, "utf8").catch(() => "");
  return text
    .split(" ")
    .map(Number)
    .filter((child) => child > 0);
}

/** Kills a runtime with the commands in its process group. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
