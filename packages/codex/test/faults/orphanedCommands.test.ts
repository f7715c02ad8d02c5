import { readFileSync } from "node:fs";
import { watch } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { TransportClosedError } from "../../src/index.js";
import { isAlive, waitUntilGone } from "../support/processes.js";
import { shellCall, startHarness } from "../support/testingKit.js";

/** Resolves to the pid that a command writes to a file. */
async function pidWrittenTo(folder: string, name: string): Promise<number> {
  for await (const { filename } of watch(folder)) {
    if (filename !== name) continue;
    const text = readFileSync(join(folder, name), "utf8");
    if (text.endsWith("\n")) return Number(text);
  }
  throw new Error("the folder has been removed");
}

// The command is `sleep`. macOS hides the environment of that program, so only Linux finds it.
describe.runIf(process.platform === "linux")("a command outside the sandbox", () => {
  it.each(["SIGKILL", "SIGTERM"] as const)(
    "is ended with a runtime that ends by %s",
    async (signal) => {
      await using harness = await startHarness();
      const { codex, model, workspace } = harness;
      model.enqueue(shellCall("echo $PPID > runtime.pid; echo $$ > command.pid; exec sleep 300"));
      const thread = await codex.startThread({ cwd: workspace, sandbox: "danger-full-access" });
      const command = pidWrittenTo(workspace, "command.pid");
      const turn = thread.run("go").catch((error: unknown) => error);
      const pid = await command;
      expect(isAlive(pid)).toBe(true);
      process.kill(Number(readFileSync(join(workspace, "runtime.pid"), "utf8")), signal);
      expect(await turn).toBeInstanceOf(TransportClosedError);
      expect(await waitUntilGone([pid])).toEqual([]);
    },
  );
});
