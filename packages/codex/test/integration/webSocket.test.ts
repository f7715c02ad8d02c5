import { describe, expect, it } from "vitest";

import { Codex } from "../../src/api/codex.js";
import { ListeningRuntime } from "../support/listeningRuntime.js";
import { startHarness } from "../support/testingKit.js";
import { startRawServer } from "../support/webSocketPeer.js";

const TOKEN = "a-capability-token-of-this-test";

function attach(url: string | URL, more: { token?: string; startTimeoutMs?: number } = {}): Codex {
  const { token, ...options } = more;
  return new Codex({
    ...options,
    transport: { type: "websocket", url, ...(token === undefined ? {} : { token }) },
  });
}

describe("a Codex attached to a running runtime", () => {
  it("runs turns, and leaves the runtime running when it closes", async () => {
    await using harness = await startHarness();
    await using runtime = await ListeningRuntime.start(harness);
    const first = attach(runtime.url);
    harness.model.streamText(["Hel", "lo ", "wörld"]).reply("again");

    const thread = await first.startThread();
    const answer = await thread.run("hi");
    await Promise.all([first.close(), first.close()]);
    await using second = attach(new URL(runtime.url));
    const resumed = await second.resumeThread(thread.id);
    const later = await resumed.run("and now?");

    expect([answer.status, answer.finalResponse, later.finalResponse]).toEqual([
      "completed",
      "Hello wörld",
      "again",
    ]);
    expect(second.metadata.serverInfo.version).toBe(second.metadata.pinnedVersion);
    await expect(thread.run("too late")).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("carries what is larger than the runtime takes in one frame (16 MiB)", async () => {
    await using harness = await startHarness();
    await using runtime = await ListeningRuntime.start(harness);
    await using codex = attach(runtime.url);

    const asking = codex.client.request("x/unknown", { text: "x".repeat(20_000_000) });

    // The runtime has read it whole: it answers, in place of cutting the connection.
    await expect(asking).rejects.toMatchObject({ code: "INVALID_REQUEST", method: "x/unknown" });
  });

  it("lets in who has the token, and quotes the refusal to who has not", async () => {
    await using harness = await startHarness();
    await using runtime = await ListeningRuntime.start(harness, TOKEN);
    await using right = attach(runtime.url, { token: TOKEN });
    await using wrong = attach(runtime.url, { token: `${TOKEN}x` });
    await using missing = attach(runtime.url);
    harness.model.reply("welcome");

    const { finalResponse } = await (await right.startThread()).run("hi");
    const refusals = await Promise.all(
      [wrong, missing].map((codex) => codex.start().catch((error: unknown) => error)),
    );

    expect(finalResponse).toBe("welcome");
    expect(refusals).toMatchObject([
      {
        name: "CodexStartError",
        code: "CONNECT_FAILED",
        message: expect.stringContaining("HTTP 401 Unauthorized: invalid websocket bearer token"),
      },
      {
        name: "CodexStartError",
        code: "CONNECT_FAILED",
        message: expect.stringContaining("HTTP 401 Unauthorized: missing websocket bearer token"),
      },
    ]);
    expect(String(refusals)).not.toContain(TOKEN);
  });

  it("reports what came of a turn when the runtime is killed in the middle of it", async () => {
    await using harness = await startHarness();
    await using runtime = await ListeningRuntime.start(harness);
    await using codex = attach(runtime.url);
    const gate = harness.model.gate();
    harness.model.streamText(["never ", gate, "finished"]);
    const thread = await codex.startThread();

    const turn = await thread.turn("hi");
    const running = turn.run();
    running.catch(() => {});
    await gate.reached;
    await runtime.kill();

    await expect(running).rejects.toMatchObject({
      name: "TransportClosedError",
      code: "TRANSPORT_CLOSED",
      message: expect.stringContaining("close code 1006"),
      exitCode: null,
      turn: {
        threadId: thread.id,
        turnId: turn.id,
        items: [{ type: "userMessage", content: [{ type: "text", text: "hi" }] }],
      },
    });
    await expect(thread.run("more")).rejects.toMatchObject({ code: "TRANSPORT_CLOSED" });
  });

  it("can be started again once somebody listens", async () => {
    await using silent = await startRawServer((socket) => socket.destroy());
    await using codex = attach(silent.url);

    await expect(codex.start()).rejects.toMatchObject({ code: "CONNECT_FAILED" });
    await expect(codex.start()).rejects.toMatchObject({ code: "CONNECT_FAILED" });
    expect(silent.sockets).toHaveLength(2);
  });

  it("times out on a server that never answers the handshake, after startTimeoutMs", async () => {
    await using silent = await startRawServer(() => {});
    await using codex = attach(silent.url, { startTimeoutMs: 50 });

    await expect(codex.start()).rejects.toMatchObject({
      name: "CodexStartError",
      code: "START_TIMEOUT",
      message: "The Codex runtime could not be reached within 50 ms (startTimeoutMs).",
    });
  });

  it("can be closed while it connects", async () => {
    let codex: Codex | undefined;
    await using silent = await startRawServer(() => void codex?.close());
    codex = attach(silent.url);

    await expect(codex.startThread()).rejects.toMatchObject({ code: "CLOSED" });
    await codex.close();
  });
});
