import { describe, expect, it } from "vitest";

import { Codex } from "../../src/index.js";
import { ListeningRuntime } from "../support/listeningRuntime.js";
import { rejectionOf } from "../support/rejection.js";
import { startHarness } from "../support/testingKit.js";

/** Long enough for a runtime of a busy machine to answer a ping. */
const LIVENESS_MS = 1500;

function attach(url: string): Codex {
  return new Codex({ transport: { type: "websocket", url, livenessMs: LIVENESS_MS } });
}

describe("the liveness of a WebSocket connection", () => {
  it.skipIf(process.platform === "win32").each([
    ["with a request in flight", true],
    ["without one", false],
  ])("ends a connection %s when the runtime has stopped", async (_what, isWaiting) => {
    await using harness = await startHarness();
    await using runtime = await ListeningRuntime.start(harness);
    await using codex = attach(runtime.url);
    await codex.start();
    runtime.signal("SIGSTOP");
    const request = isWaiting ? rejectionOf(codex.models()) : undefined;
    await codex.client.closed;
    const later = await rejectionOf(codex.models());
    runtime.signal("SIGCONT");
    expect(String(await (request ?? later))).toMatch(
      new RegExp(`Nothing was received .* for ${LIVENESS_MS} ms \\(livenessMs\\)`),
    );
  });

  it("does not end a healthy turn because the event loop of the host was blocked", async () => {
    await using harness = await startHarness();
    await using runtime = await ListeningRuntime.start(harness);
    await using codex = attach(runtime.url);
    const gate = harness.model.gate();
    harness.model.streamText(["slow ", gate, "answer"]);
    const thread = await codex.startThread();
    const running = thread.run("hi");
    await gate.reached;
    for (let round = 0; round < 2; round += 1) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LIVENESS_MS * 1.5);
      // oxlint-disable-next-line no-await-in-loop -- the event loop turns a few times between two blocks
      for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    gate.open();
    expect((await running).finalResponse).toBe("slow answer");
  });

  it("keeps a connection that is idle for three times as long, as the runtime answers pings", async () => {
    await using harness = await startHarness();
    await using runtime = await ListeningRuntime.start(harness);
    await using codex = attach(runtime.url);
    await codex.start();
    let isClosed = false;
    void codex.client.closed.then(() => (isClosed = true));
    await new Promise((resolve) => setTimeout(resolve, LIVENESS_MS * 3));
    expect(isClosed).toBe(false);
    await codex.models();
  });
});
