import { join } from "node:path";

import { describe, expect, it } from "vitest";

import {
  type ApprovalDecision,
  Codex,
  type CodexDiagnostic,
  type CodexOptions,
  tool,
} from "../../src/index.js";
import { createDeferred } from "../../src/internal/deferred.js";
import { commandsOf, escalatedCall } from "../support/approvalScripts.js";
import { CuttingProxy } from "../support/cuttingProxy.js";
import { inspectorOf } from "../support/inspectorOf.js";
import { ListeningRuntime } from "../support/listeningRuntime.js";
import { functionCall, type Harness, shellCall, startHarness } from "../support/testingKit.js";

const RECONNECT = { attempts: 200, delayMs: 1, maxDelayMs: 20 };

/** A client behind a proxy that can be cut, and what it reports. */
async function connect(harness: Harness, options: CodexOptions = {}, reconnect: object = {}) {
  const runtime = await ListeningRuntime.start(harness);
  const proxy = await CuttingProxy.start(runtime.url);
  const lost = createDeferred<void>();
  const back = createDeferred<void>();
  const onDiagnostic = ({ kind }: CodexDiagnostic) => {
    if (kind === "connectionLost") lost.resolve();
    if (kind === "reconnected") back.resolve();
  };
  const codex = new Codex({
    ...options,
    onDiagnostic,
    transport: { type: "websocket", url: proxy.url, reconnect: { ...RECONNECT, ...reconnect } },
  });
  return {
    codex,
    proxy,
    runtime,
    lost: lost.promise,
    back: back.promise,
    async [Symbol.asyncDispose]() {
      await codex.close();
      await proxy[Symbol.asyncDispose]();
      await runtime[Symbol.asyncDispose]();
    },
  };
}

/** Runs a first turn, so that the runtime has stored the thread. */
async function startStoredThread(harness: Harness, codex: Codex, options = {}) {
  harness.model.reply("Hello.");
  const thread = await codex.startThread(options);
  await thread.run("Hi.");
  return thread;
}

/** Resolves when a client sees the end of a turn of the thread. */
function endOf({ client }: Codex, threadId: string): Promise<void> {
  return new Promise((resolve) => {
    client.onNotification(({ method, params }) => {
      if (method === "turn/completed" && params.threadId === threadId) resolve();
    });
  });
}

describe("a client that connects again", () => {
  it("keeps the approval that is pending, and asks for it once", async () => {
    await using harness = await startHarness();
    await using link = await connect(harness);
    const asked = createDeferred<void>();
    const decision = createDeferred<ApprovalDecision>();
    let calls = 0;
    const thread = await startStoredThread(harness, link.codex, {
      onApproval: () => {
        calls += 1;
        asked.resolve();
        return decision.promise;
      },
    });
    harness.model.enqueue(escalatedCall("echo hi", "call_1")).reply("Done.");

    const running = thread.run("Go.");
    await asked.promise;
    link.proxy.cut();
    await link.back;
    decision.resolve("accept");

    expect(commandsOf((await running).items)).toEqual({
      call_1: { status: "completed", output: "hi\n" },
    });
    expect(calls).toBe(1);
  });

  it("sends the result of a tool that ended while there was not a connection, and runs it once", async () => {
    await using harness = await startHarness();
    await using link = await connect(harness);
    const called = createDeferred<void>();
    const done = createDeferred<string>();
    let calls = 0;
    const lookup = tool({
      name: "lookup",
      description: "Looks something up.",
      inputSchema: { type: "object", properties: {} },
      execute: () => {
        calls += 1;
        called.resolve();
        return done.promise;
      },
    });
    const thread = await startStoredThread(harness, link.codex, { tools: [lookup] });
    harness.model.enqueue(functionCall("lookup", {})).reply("Found.");

    const running = thread.run("Look.");
    await called.promise;
    link.proxy.goDown();
    await link.lost;
    done.resolve("forty-two");
    link.proxy.restore();

    expect((await running).finalResponse).toBe("Found.");
    expect(calls).toBe(1);
    const outputs = harness.model.requests.at(-1)?.functionCallOutputs();
    expect(outputs).toMatchObject([{ text: "forty-two" }]);
  });

  it("gets the whole result of a turn that ended while there was not a connection", async () => {
    await using harness = await startHarness();
    await using link = await connect(harness);
    await using other = new Codex({ transport: { type: "websocket", url: link.runtime.url } });
    const thread = await startStoredThread(harness, link.codex);
    const gate = harness.model.gate();
    harness.model.enqueue(shellCall("echo one", {})).streamText(["Hel", gate, "lo"]);
    const turn = await thread.turn("Go.");
    await gate.reached;
    await other.resumeThread(thread.id);
    const ended = endOf(other, thread.id);

    link.proxy.goDown();
    await link.lost;
    gate.open();
    await ended;
    link.proxy.restore();

    const { status, items, finalResponse } = await turn.result;
    expect([status, finalResponse]).toEqual(["completed", "Hello"]);
    expect(items.map(({ type }) => type)).toEqual([
      "userMessage",
      "commandExecution",
      "agentMessage",
    ]);
    harness.model.reply("And on.");
    expect((await thread.run("Next.")).finalResponse).toBe("And on.");
    const { subscribedThreads, ...sizes } = (await inspectorOf(link.codex))();
    const kept = ["threadSettings", "threadHandlers"];
    expect(subscribedThreads).toBe(1);
    expect(
      Object.entries(sizes).filter(([name, size]) => size > 0 && !kept.includes(name)),
    ).toEqual([]);
  });

  it("sends what the application asks for meanwhile as soon as it can", async () => {
    await using harness = await startHarness();
    await using link = await connect(harness);
    const thread = await startStoredThread(harness, link.codex);
    link.proxy.goDown();
    await link.lost;
    harness.model.reply("Later.");

    const models = link.codex.models();
    const running = thread.run("Now.");
    await expect(link.codex.models({ timeoutMs: 20 })).rejects.toMatchObject({
      code: "REQUEST_TIMEOUT",
    });
    link.proxy.restore();

    expect((await models).data).not.toEqual([]);
    expect((await running).finalResponse).toBe("Later.");
  });

  it("follows a goal over the loss, and gives each of its items once", async () => {
    await using harness = await startHarness();
    await using link = await connect(harness);
    const thread = await startStoredThread(harness, link.codex);
    const gate = harness.model.gate();
    harness.model
      .streamText(["Half ", gate, "done."])
      .enqueue(functionCall("update_goal", { status: "complete" }))
      .reply("All done.");

    const running = thread.runGoal("Build it");
    await gate.reached;
    link.proxy.cut();
    await link.back;
    gate.open();

    const { status, items } = await running;
    expect(status).toBe("completed");
    expect(items.flatMap((item) => (item.type === "agentMessage" ? [item.text] : []))).toEqual([
      "Half done.",
      "All done.",
    ]);
  });

  it("ends with the last reason when the attempts are used up", async () => {
    await using harness = await startHarness();
    await using link = await connect(harness, {}, { attempts: 2 });
    const gate = harness.model.gate();
    const thread = await startStoredThread(harness, link.codex);
    harness.model.streamText(["Hel", gate, "lo"]);
    const running = thread.run("Go.");
    await gate.reached;
    link.proxy.goDown();

    await expect(running).rejects.toMatchObject({
      code: "TRANSPORT_CLOSED",
      message: expect.stringContaining("2 attempts (transport.reconnect.attempts)"),
    });
    await expect(link.codex.models()).rejects.toMatchObject({ code: "TRANSPORT_CLOSED" });
    await link.codex.client.closed;
  });

  it("ends at once when the signal of the policy aborts", async () => {
    await using harness = await startHarness();
    const stop = new AbortController();
    await using link = await connect(harness, {}, { signal: stop.signal, delayMs: 60_000 });
    const thread = await startStoredThread(harness, link.codex);
    link.proxy.cut();
    await link.lost;
    const running = thread.run("Go.");

    stop.abort(new Error("enough"));

    await expect(running).rejects.toMatchObject({
      code: "TRANSPORT_CLOSED",
      message: expect.stringContaining("transport.reconnect.signal"),
    });
  });

  it("closes while there is not a connection", async () => {
    await using harness = await startHarness();
    await using link = await connect(harness, {}, { delayMs: 60_000, maxDelayMs: 60_000 });
    const thread = await startStoredThread(harness, link.codex);
    link.proxy.cut();
    await link.lost;
    const running = thread.run("Go.");

    await link.codex.close();

    await expect(running).rejects.toMatchObject({ code: "CLOSED" });
  });
});

describe.skipIf(process.platform === "win32")("a client whose runtime is started anew", () => {
  it("ends the turn that ran as the runtime has stored it, and has its thread again, with its sandbox", async () => {
    await using harness = await startHarness();
    const path = join(harness.workspace, "runtime.sock");
    const first = await ListeningRuntime.startOnSocket(harness, path);
    const back = createDeferred<void>();
    await using codex = new Codex({
      transport: { type: "unix", path, reconnect: RECONNECT },
      onDiagnostic: ({ kind }) => {
        if (kind === "reconnected") back.resolve();
      },
    });
    const thread = await startStoredThread(harness, codex, { sandbox: "workspace-write" });
    const gate = harness.model.gate();
    harness.model.streamText(["Hel", gate, "lo"]);
    const running = thread.run("Go.");
    await gate.reached;

    await first.kill();
    await using second = await ListeningRuntime.startOnSocket(harness, path);
    expect(second.url).toBe(path);
    await back.promise;

    expect((await running).status).toBe("interrupted");
    harness.model
      .enqueue(shellCall("echo written > written.txt && cat written.txt", {}))
      .reply("Done.");
    const { items } = await thread.run("Write.");
    expect(Object.values(commandsOf(items))).toEqual([
      { status: "completed", output: "written\n" },
    ]);
  });
});
