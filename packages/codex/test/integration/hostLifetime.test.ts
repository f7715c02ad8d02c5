import { dirname } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { TransportOptions } from "../../src/index.js";
import { type CompiledSdk, compileSdk } from "../support/compiledSdk.js";
import { HostProcess } from "../support/hostProcess.js";
import { ListeningRuntime } from "../support/listeningRuntime.js";
import { runtimeCommandLines } from "../support/runtimeCommandLines.js";
import { type Harness, startHarness } from "../support/testingKit.js";

let sdk: CompiledSdk;
beforeAll(async () => {
  sdk = await compileSdk();
});
afterAll(() => sdk[Symbol.asyncDispose]());

/** A host program that never closes its client; `say` prints a value as a line. */
function hostOf(harness: Harness, body: string, transport?: TransportOptions): HostProcess {
  const { codexHome, workspace } = harness;
  const env = {
    CODEX_HOME: codexHome,
    HOME: dirname(codexHome),
    CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
  };
  const options = transport === undefined ? { env, cwd: workspace } : { transport };
  return new HostProcess(`
    import { Codex } from ${JSON.stringify(sdk.urlOf("index.js"))};
    const say = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
    /** Says so only if something else keeps the process alive until then. */
    const sayIfAlive = () => setTimeout(() => say("alive"), 300).unref();
    const codex = new Codex(${JSON.stringify(options)});
    ${body}
  `);
}

async function expectNoRuntime({ codexHome }: Harness): Promise<void> {
  // Other systems have no /proc.
  if (process.platform !== "linux") return;
  await expect.poll(() => runtimeCommandLines(codexHome)).toEqual([]);
}

const END = { exitCode: 0, signal: null, stderr: "" };

describe("a host program that forgets close()", () => {
  it("ends when its turn has ended, and leaves no runtime behind", async () => {
    await using harness = await startHarness();
    harness.model.reply("done");
    const host = hostOf(
      harness,
      `const thread = await codex.startThread();
       say((await thread.run("hi")).finalResponse);`,
    );
    expect(await host.finished()).toEqual({ ...END, lines: ["done"] });
    await expectNoRuntime(harness);
  });

  it("is kept alive by a turn that nobody awaits at the top level, and ends with it", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["do", gate, "ne"]);
    const host = hostOf(
      harness,
      `void codex.startThread().then((thread) => thread.turn("hi")).then((turn) => {
         sayIfAlive();
         void turn.result.then((result) => say(result.finalResponse));
       });`,
    );
    expect(await host.nextLine()).toBe("alive");
    gate.open();
    expect(await host.finished()).toEqual({ ...END, lines: ["done"] });
    await expectNoRuntime(harness);
  });

  it("is kept alive by a reader of notifications, and not after the reader has left", async () => {
    await using harness = await startHarness();
    const host = hostOf(
      harness,
      `const notifications = codex.notifications();
       await codex.start();
       sayIfAlive();
       setTimeout(() => {}, 1);
       void (async () => {
         for await (const _ of notifications);
         say("left");
       })();
       process.on("SIGUSR2", () => void notifications.return());`,
    );
    expect(await host.nextLine()).toBe("alive");
    host.kill("SIGUSR2");
    expect(await host.finished()).toEqual({ ...END, lines: ["left"] });
    await expectNoRuntime(harness);
  });

  it("may use an idle client again", async () => {
    await using harness = await startHarness();
    harness.model.reply("one").reply("two");
    const host = hostOf(
      harness,
      `const thread = await codex.startThread();
       say((await thread.run("hi")).finalResponse);
       setTimeout(async () => say((await thread.run("hi")).finalResponse), 100);`,
    );
    expect(await host.finished()).toEqual({ ...END, lines: ["one", "two"] });
    await expectNoRuntime(harness);
  });

  it("ends after a start that nobody has used", async () => {
    await using harness = await startHarness();
    const host = hostOf(harness, `await codex.start(); say("started");`);
    expect(await host.finished()).toEqual({ ...END, lines: ["started"] });
    await expectNoRuntime(harness);
  });

  it("ends while it is connected to a running runtime, which continues", async () => {
    await using harness = await startHarness();
    await using runtime = await ListeningRuntime.start(harness);
    harness.model.reply("one").reply("two");
    const body = `const thread = await codex.startThread();
       say((await thread.run("hi")).finalResponse);`;
    const transport = { type: "websocket", url: runtime.url } as const;
    for (const answer of ["one", "two"]) {
      // oxlint-disable-next-line no-await-in-loop -- one host after the other
      expect(await hostOf(harness, body, transport).finished()).toEqual({
        ...END,
        lines: [answer],
      });
    }
  });
});
