import { describe, expect, it } from "vitest";

import { agentMessage } from "../support/expectedItems.js";
import { NotificationLog } from "../support/notificationLog.js";
import { functionCall, message, startHarness, usage } from "../support/testingKit.js";
import { tokens } from "../support/tokens.js";
import { readAll, turnIdsOf } from "../support/turnEvents.js";

const complete = functionCall("update_goal", { status: "complete" });

describe("a goal", () => {
  it("gathers what all of its turns bring into one result", async () => {
    await using harness = await startHarness();
    harness.model.reply("Half done.").enqueue(complete).reply("All done.");
    const thread = await harness.codex.startThread();

    const result = await thread.runGoal("  Build it \n");

    expect(result).toEqual({
      id: expect.any(String),
      status: "completed",
      error: null,
      startedAt: expect.any(Number),
      completedAt: expect.any(Number),
      durationMs: expect.any(Number),
      finalResponse: "All done.",
      items: [agentMessage("Half done."), agentMessage("All done.")],
      usage: expect.objectContaining({
        total: tokens(3, 0, 3, 0),
        last: tokens(1, 0, 1, 0),
        modelContextWindow: 258_400,
      }),
      turnUsage: tokens(3, 0, 3, 0),
      plan: null,
      output: undefined,
      goal: {
        threadId: thread.id,
        objective: "Build it",
        status: "complete",
        tokenBudget: null,
        tokensUsed: expect.any(Number),
        timeUsedSeconds: expect.any(Number),
        createdAt: expect.any(Number),
        updatedAt: expect.any(Number),
      },
    });
    const { thread: stored } = await thread.read({ includeTurns: true });
    expect(stored.turns.map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect(stored.turns[0]?.id).toBe(result.id);
    expect(harness.model.unscripted).toEqual([]);
  });

  it("streams as one turn, whose every event has the id of the first", async () => {
    await using harness = await startHarness();
    harness.model.streamText(["Ha", "lf."]).enqueue(complete).streamText(["All", "."]);
    const thread = await harness.codex.startThread();
    const others = NotificationLog.follow(harness.codex);

    const handle = await thread.startGoal("Build it");
    const events = await readAll(handle.stream());

    expect(turnIdsOf(events)).toEqual([handle.id]);
    const methods = events.map(({ method }) => method);
    expect(methods.filter((method) => /^(turn|thread\/goal)\//.test(method))).toEqual([
      "turn/started",
      "turn/completed",
    ]);
    expect([methods.at(0), methods.at(-1)]).toEqual(["turn/started", "turn/completed"]);
    expect(
      events.flatMap((event) =>
        event.method === "item/agentMessage/delta" ? [event.params.delta] : [],
      ),
    ).toEqual(["Ha", "lf.", "All", "."]);
    expect(handle.goal?.status).toBe("complete");
    expect(others.paramsOf("thread/goal/updated").at(-1)).toMatchObject({
      goal: { status: "complete" },
    });
    expect(others.paramsOf("turn/started")).toEqual([]);
  });

  it("may be complete within its first turn, whose duration is its own", async () => {
    await using harness = await startHarness();
    harness.model.enqueue(complete).reply("Done at once.");
    const thread = await harness.codex.startThread();

    const result = await thread.runGoal("Be quick");

    const { thread: stored } = await thread.read({ includeTurns: true });
    expect(
      stored.turns.map(({ id, durationMs, startedAt }) => [id, durationMs, startedAt]),
    ).toEqual([[result.id, result.durationMs, result.startedAt]]);
    expect([result.finalResponse, result.goal?.status]).toEqual(["Done at once.", "complete"]);
  });

  it("takes the place of an earlier one", async () => {
    await using harness = await startHarness();
    harness.model.enqueue(functionCall("update_goal", { status: "blocked" })).reply("I am stuck.");
    harness.model.enqueue(complete).reply("Done.");
    const thread = await harness.codex.startThread();

    const others = NotificationLog.follow(harness.codex);
    const first = await thread.runGoal("The first");
    const second = await thread.runGoal("The second", { tokenBudget: 1000 });

    expect([first.status, first.goal?.status]).toEqual(["completed", "blocked"]);
    expect(await thread.goal()).toMatchObject({
      objective: "The second",
      status: "complete",
      tokenBudget: 1000,
    });
    // Nothing of the first one's account is left in it.
    expect(others.paramsOf("thread/goal/updated")).toContainEqual(
      expect.objectContaining({
        threadId: thread.id,
        turnId: null,
        goal: expect.objectContaining({ objective: "The second", tokensUsed: 0, status: "active" }),
      }),
    );
    expect(second.id).not.toBe(first.id);
    expect(second.items).toEqual([agentMessage("Done.")]);
    expect(second.turnUsage).toEqual(tokens(2, 0, 2, 0));
  });

  it("ends when its token budget is used up", async () => {
    await using harness = await startHarness();
    const used = { inputTokens: 100, outputTokens: 10 };
    harness.model.respond(() => [message("More."), usage(used)]);
    const thread = await harness.codex.startThread();

    const result = await thread.runGoal("Go on", { tokenBudget: 150 });

    expect([result.status, result.goal?.status]).toEqual(["completed", "budgetLimited"]);
    expect(result.items).toEqual([agentMessage("More."), agentMessage("More.")]);
    expect(harness.model.requests).toHaveLength(2);
  });

  it("ends with its turn when it is cleared, and leaves the thread free", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["So far", gate]).reply("Hello.");
    const thread = await harness.codex.startThread();
    const handle = await thread.startGoal("Build it");
    await gate.reached;

    const cleared = [await thread.clearGoal(), await thread.clearGoal()];
    gate.open();
    const result = await handle.run();
    const next = await thread.run("Hi");

    expect(cleared).toEqual([true, false]);
    expect([result.status, result.finalResponse, result.goal]).toEqual([
      "completed",
      "So far",
      null,
    ]);
    expect(await thread.goal()).toBeNull();
    expect(next.finalResponse).toBe("Hello.");
  });
});
