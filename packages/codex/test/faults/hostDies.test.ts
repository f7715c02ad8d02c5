import { rm } from "node:fs/promises";
import { dirname } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CompiledSdk, compileSdk } from "../support/compiledSdk.js";
import { HostProcess } from "../support/hostProcess.js";
import { isAlive, waitUntilGone } from "../support/processes.js";
import { runtimeCommandLines } from "../support/runtimeCommandLines.js";

let sdk: CompiledSdk;
beforeAll(async () => {
  sdk = await compileSdk();
});
afterAll(() => sdk[Symbol.asyncDispose]());

/** Ways in which a host ends, after SIGUSR2 or by the signal itself. */
const DEATHS = [
  ["exits", "SIGUSR2", `process.exit(0)`, { exitCode: 0, signal: null }],
  ["throws", "SIGUSR2", `throw new Error("bug")`, { exitCode: 1, signal: null }],
  ["gets SIGINT", "SIGINT", "", { exitCode: null, signal: "SIGINT" }],
  ["gets SIGTERM", "SIGTERM", "", { exitCode: null, signal: "SIGTERM" }],
  ["gets SIGKILL", "SIGKILL", "", { exitCode: null, signal: "SIGKILL" }],
] as const;

const SANDBOXES = ["danger-full-access", "workspace-write"] as const;

/**
 * A host with a turn of the real runtime that runs a command. It prints the path of its `CODEX_HOME`. (What a
 * command outside of the sandbox puts into a session of its own, with `setsid`, is a daemon that outlives
 * the runtime as it would a terminal: nobody is left to end it.)
 */
function startHost(sandbox: string, onSignal: string): HostProcess {
  return new HostProcess(`
    import { startHarness, shellCall } from ${JSON.stringify(sdk.urlOf("testing/index.js"))};
    process.on("SIGUSR2", () => { ${onSignal} });
    const harness = await startHarness();
    harness.model.enqueue(shellCall("trap '' TERM HUP; sleep 61 & sleep 62"));
    const thread = await harness.codex.startThread({ sandbox: ${JSON.stringify(sandbox)} });
    process.stdout.write(JSON.stringify(harness.codexHome) + "\\n");
    await thread.run("go");
  `);
}

describe.skipIf(process.platform !== "linux")(
  "a host with a turn whose command runs, its own child in the background",
  () => {
    it.each(
      SANDBOXES.flatMap((sandbox) =>
        DEATHS.map(([how, ...death]) => [`${how} (${sandbox})`, sandbox, ...death] as const),
      ),
    )("%s: neither runtime nor command is left", async (_how, sandbox, sent, onSignal, end) => {
      const host = startHost(sandbox, onSignal);
      const codexHome = String(await host.nextLine());
      const running = () => runtimeCommandLines(codexHome);
      try {
        await expect
          .poll(
            async () => (await running()).filter((line) => line.startsWith("sleep")).toSorted(),
            {
              timeout: 20_000,
            },
          )
          .toEqual(["sleep 61", "sleep 62"]);
        host.kill(sent);

        expect(await host.finished()).toMatchObject(end);
        await expect.poll(running, { timeout: 5000 }).toEqual([]);
      } finally {
        await rm(dirname(codexHome), { recursive: true, force: true });
      }
    });
  },
);

describe.skipIf(process.platform === "win32")("an executor of codexExecServer()", () => {
  it("ends with the process that has started it, also when that is killed", async () => {
    const host = new HostProcess(`
      import { codexExecServer } from ${JSON.stringify(sdk.urlOf("index.js"))};
      const { pid } = await codexExecServer();
      process.stdout.write(JSON.stringify(pid) + "\\n");
      setInterval(() => {}, 60_000);
    `);
    const pid = Number(await host.nextLine());
    expect(isAlive(pid)).toBe(true);

    host.kill("SIGKILL");

    expect(await waitUntilGone([pid], 30_000)).toEqual([]);
  });
});
