import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { ChildProcess } from "../../../src/transport/childProcess.js";

/** Blocks the event loop until a process of this one has ended and waits to be reaped. */
function blockUntilEnded(pid: number | undefined): void {
  while (!readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")) block(5);
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

// Node learns of both ends at once, and of that of the second before it has read the pipe of the second.
it.runIf(process.platform === "linux")(
  "the last words of a process are read, also if the host is busy as the process ends",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "codex-child-"));
    const go = join(folder, "go");
    const script = `echo ready; until [ -e "${go}" ]; do sleep 0.01; done; echo last words; exit 1`;
    const child = await ChildProcess.spawn({ file: "/bin/sh", args: ["-c", script], env: {} });
    try {
      let output = "";
      await new Promise<void>((resolve) => {
        child.stdout.on("data", (chunk: Buffer) => {
          output += chunk.toString();
          resolve();
        });
      });
      const other = spawn("/bin/echo", ["hello"], { stdio: ["ignore", "pipe", "ignore"] });
      other.stdout.once("data", () => {
        writeFileSync(go, "");
        blockUntilEnded(child.pid);
      });
      // Longer than the pipes may be silent.
      other.once("exit", () => block(400));
      blockUntilEnded(other.pid);

      expect(await child.exit).toEqual({ exitCode: 1, signal: null });
      expect(output).toBe("ready\nlast words\n");
    } finally {
      await child.end(0);
      rmSync(folder, { recursive: true });
    }
  },
);
