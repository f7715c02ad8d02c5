import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../../dist/soak/main.js", import.meta.url));

/** Runs the short soak in a process of its own. */
function runShortSoak(): Promise<{ readonly status: number; readonly stdout: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ["--expose-gc", main, "--short"], (_error, stdout) =>
      resolve({ status: child.exitCode ?? 1, stdout }),
    );
  });
}

describe("the short soak", () => {
  it("loses nothing and leaves nothing behind", async () => {
    const { status, stdout } = await runShortSoak();

    const lines = stdout.trimEnd().split("\n");
    const names = lines.slice(0, -1).map((line) => line.replace(/:.*/u, ""));
    expect({ status, names, summary: lines.at(-1) }).toEqual({
      status: 0,
      names: [
        "ok  start and close, over the fake",
        "ok  start and close, over the real runtime",
        "ok  turns on one client",
        "ok  unread deltas",
      ],
      summary: expect.stringMatching(
        /^[\d,]+ faults injected, [\d,]+ cases run, nothing lost, nothing left behind\.$/u,
      ),
    });
  });
});
