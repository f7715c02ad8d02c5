import { describe, expect, it } from "vitest";

import { GoalStartTimeoutError } from "../../src/errors.js";
import { type Codex, InvalidRequestError, ThreadBusyError } from "../../src/index.js";
import { agentMessage, userMessage } from "../support/expectedItems.js";
import { functionCall, startHarness } from "../support/testingKit.js";
import { readUntil } from "../support/turnEvents.js";

const complete = functionCall("update_goal", { status: "complete" });

/** Resolves when a turn that is not `turnId` has ended, as the listeners to the rest are notified. */
async function endOfTurnAfter(turnId: string, codex: Codex): Promise<void> {
  for await (const { method, params } of codex.notifications()) {
    if (method === "turn/completed" && params.turn.id !== turnId) return;
  }
}

describe("steering a goal", () => {
  it("reaches the turn that it is at, the first one and a later one", async () => {
    await using harness = await startHarness();
    const gates = [harness.model.gate(), harness.model.gate()] as const;
    harness.model.streamText(["Lost", gates[0]]).reply("One.");
    harness.model.streamText(["Lost, too", gates[1]]).enqueue(complete).reply("Two.");
    const thread = await harness.codex.startThread();
    const handle = await thread.startGoal("Build it");

    await gates[0].reached;
    await handle.steer("Mind the first");
    await gates[1].reached;
    await handle.steer("Mind the second");
    const result = await handle.run();

    expect(result.items).toEqual([
      userMessage("Mind the first"),
      agentMessage("One."),
      userMessage("Mind the second"),
      agentMessage("Two."),
    ]);
    expect(result.goal?.status).toBe("complete");
  });

  it("is refused by the runtime once the goal has ended", async () => {
    await using harness = await startHarness();
    harness.model.enqueue(complete).reply("Done.");
    const thread = await harness.codex.startThread();
    const handle = await thread.startGoal("Build it");
    await handle.run();

    await expect(handle.steer("More")).rejects.toBeInstanceOf(InvalidRequestError);
    await handle.interrupt();

    expect(await thread.goal()).toMatchObject({ status: "complete" });
  });
});

describe("interrupting a goal", () => {
  it("pauses it and ends its turn, the first one", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["So far", gate]).reply("Hello.");
    const thread = await harness.codex.startThread();
    const handle = await thread.startGoal("Build it");
    const running = handle.run();
    await gate.reached;

    await Promise.all([handle.interrupt(), handle.interrupt()]);
    const result = await running;

    expect([result.status, result.goal?.status]).toEqual(["interrupted", "paused"]);
    expect(await thread.goal()).toMatchObject({ objective: "Build it", status: "paused" });
    expect((await thread.run("Hi")).finalResponse).toBe("Hello.");
    expect(harness.model.requests).toHaveLength(2);
  });

  it("pauses it and ends its turn, a later one", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.reply("One.").streamText(["Two", gate]);
    const thread = await harness.codex.startThread();
    const handle = await thread.startGoal("Build it");
    await gate.reached;

    await handle.interrupt();
    const result = await handle.run();

    expect([result.status, result.items]).toEqual(["interrupted", [agentMessage("One.")]]);
    expect(await thread.goal()).toMatchObject({ status: "paused" });
  });

  it("is never lost, however early it comes", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["So far", gate]);
    const thread = await harness.codex.startThread();
    const handle = await thread.startGoal("Build it");

    await handle.interrupt();

    expect((await handle.run()).status).toBe("interrupted");
    expect(await thread.goal()).toMatchObject({ status: "paused" });
  });
});

describe("aborting a goal", () => {
  it("rejects with the reason, pauses it, and ends its turn", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["So far", gate]).reply("Hello.");
    const thread = await harness.codex.startThread();
    const abort = new AbortController();
    const reason = new Error("changed my mind");
    const running = thread.runGoal("Build it", { signal: abort.signal });
    await gate.reached;

    abort.abort(reason);

    await expect(running).rejects.toBe(reason);
    // The thread is kept until the runtime has let go of it.
    expect((await thread.run("Hi", { whenBusy: "queue" })).finalResponse).toBe("Hello.");
    expect(await thread.goal()).toMatchObject({ status: "paused" });
  });

  it("before its first turn leaves no goal at work", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.respond(() => [gate]);
    const thread = await harness.codex.startThread();
    const abort = new AbortController();
    const reason = new Error("changed my mind");
    harness.codex.client.onNotification(({ method }) => {
      // In this very tick: the first turn may come with the next line.
      if (method === "thread/goal/updated") abort.abort(reason);
    });

    const starting = thread.startGoal("Build it", { signal: abort.signal });

    await expect(starting).rejects.toBe(reason);
    harness.model.respond(() => [{ kind: "message", text: "Hello." }]);
    expect((await thread.run("Hi", { whenBusy: "queue" })).finalResponse).toBe("Hello.");
    expect(await thread.goal()).toMatchObject({ status: "paused" });
  });

  it("before the call sends nothing", async () => {
    await using harness = await startHarness();
    const thread = await harness.codex.startThread();
    const reason = new Error("too late");

    const starting = thread.startGoal("Build it", { signal: AbortSignal.abort(reason) });

    await expect(starting).rejects.toBe(reason);
    expect(await thread.goal()).toBeNull();
  });

  it("is what a start that takes too long does by itself", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.respond(() => [gate]);
    const thread = await harness.codex.startThread();

    const starting = thread.startGoal("Build it", { startTimeoutMs: 1 });

    await expect(starting).rejects.toBeInstanceOf(GoalStartTimeoutError);
    harness.model.respond(() => [{ kind: "message", text: "Hello." }]);
    expect((await thread.run("Hi", { whenBusy: "queue" })).finalResponse).toBe("Hello.");
    // Paused, or not set, by how far the start had come.
    expect((await thread.goal())?.status).not.toBe("active");
  });
});

describe("leaving a goal's stream early", () => {
  it("lets the goal continue, and releases the thread's turns", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["One", gate]).enqueue(complete).reply("Two.").reply("Hello.");
    const thread = await harness.codex.startThread();
    const handle = await thread.startGoal("Build it");
    const lastTurn = endOfTurnAfter(handle.id, harness.codex);

    await readUntil(handle.stream(), "item/agentMessage/delta");
    await expect(thread.run("Hi")).rejects.toMatchObject({ activeTurnId: handle.id });
    await expect(thread.run("Hi")).rejects.toBeInstanceOf(ThreadBusyError);
    gate.open();
    await lastTurn;

    expect(await thread.goal()).toMatchObject({ status: "complete" });
    expect((await thread.run("Hi")).finalResponse).toBe("Hello.");
  });

  it("leaves interrupt() with its power over the goal", async () => {
    await using harness = await startHarness();
    const gates = [harness.model.gate(), harness.model.gate()] as const;
    harness.model.streamText(["One", gates[0]]).streamText(["Two", gates[1]]).reply("Hello.");
    const thread = await harness.codex.startThread();
    const handle = await thread.startGoal("Build it");
    await readUntil(handle.stream(), "item/agentMessage/delta");
    gates[0].open();
    await gates[1].reached;

    await handle.interrupt();

    expect(await thread.goal()).toMatchObject({ status: "paused" });
    expect((await thread.run("Hi", { whenBusy: "queue" })).finalResponse).toBe("Hello.");
  });
});
