import { describe, expect, it } from "vitest";

import { goalOf, goalUpdated, turnCompleted as goalTurnEnded } from "../support/goalMessages.js";
import { rejectionOf } from "../support/rejection.js";
import { answer, scriptedClient } from "../support/scriptedClient.js";
import {
  agentMessage,
  notification,
  THREAD,
  turn,
  turnCompleted,
  turnStarted,
} from "../support/wire.js";

// The rule: after a sign of the end, a turn or a goal ends, whatever else is lost.

const refusal = { id: "$id", error: { code: -32_601, message: "unknown method" } };
const started = [answer({ turn: turn("turn-1", "inProgress") }), turnStarted()];
const failed = notification("error", {
  threadId: THREAD,
  turnId: "turn-1",
  willRetry: false,
  error: { message: "The model is gone." },
});
const atRest = notification("thread/status/changed", {
  threadId: THREAD,
  status: { type: "idle" },
});
const setGoal = [answer({ goal: goalOf("active") }), goalUpdated("active"), turnStarted()];
const incomplete = { code: "TURN_INCOMPLETE" };

describe("a turn without a turn/completed", () => {
  it.each([
    ["its last error", failed],
    ["its thread at rest", atRest],
  ])("ends after %s, also when its thread cannot be read", async (_sign, sign) => {
    await using client = await scriptedClient({
      "turn/start": [[...started, sign]],
      "thread/read": [[refusal]],
    });
    const thread = await client.codex.startThread();

    expect(await rejectionOf(thread.run("Go."))).toMatchObject(incomplete);
  });

  it("is restored without the stored items that cannot be read", async () => {
    // SAFETY: every value of the wire is unchecked.
    const items = [null, 5, { id: "x" }, agentMessage("Stored.")] as never[];
    const stored = turn("turn-1", "completed", { items });
    await using client = await scriptedClient({
      "turn/start": [[...started, atRest]],
      "thread/read": [[answer({ thread: { id: THREAD, turns: [stored] } })]],
    });
    const thread = await client.codex.startThread();

    expect(await thread.run("Go.")).toMatchObject({
      finalResponse: "Stored.",
      items: [agentMessage("Stored.")],
    });
  });
});

describe("an interrupt that is not answered", () => {
  it("resolves at the end of its turn", async () => {
    const interrupted = turnCompleted("turn-1", THREAD, "interrupted");
    await using client = await scriptedClient({ "turn/interrupt": [[interrupted]] });
    const handle = await (await client.codex.startThread()).turn("Go.");

    await handle.interrupt();

    expect(await handle.result).toMatchObject({ status: "interrupted" });
  });
});

describe("a goal", () => {
  it.each([
    ["is at rest", answer({ thread: { id: THREAD, status: { type: "idle" }, turns: [] } })],
    ["cannot be read", refusal],
  ])("ends after the last error of its turn when its thread %s", async (_how, response) => {
    await using client = await scriptedClient({
      "thread/goal/set": [setGoal],
      // The first read is that of the start.
      "thread/read": [[answer({ thread: { id: THREAD, status: { type: "idle" } } })], [response]],
      "test/fail": [[answer({}), failed]],
    });
    const goal = await (await client.codex.startThread()).startGoal("Build it");
    await client.codex.client.request("test/fail", {});

    expect(await rejectionOf(goal.result)).toMatchObject(incomplete);
  });

  it.each([
    ["is complete", { goal: goalOf("complete") }, { status: "complete" }],
    ["was cleared", { goal: null }, null],
  ])("whose thread is at rest is read again, and ends when it %s", async (_how, response, goal) => {
    await using client = await scriptedClient({
      "thread/goal/set": [[...setGoal, goalTurnEnded("turn-1"), atRest]],
      "thread/goal/get": [[answer(response)]],
    });
    const handle = await (await client.codex.startThread()).startGoal("Build it");

    expect(await handle.result).toMatchObject({ goal });
  });

  it("whose pause is not answered ends by itself all the same", async () => {
    await using client = await scriptedClient({
      "thread/goal/set": [setGoal, [goalUpdated("complete", "turn-1"), goalTurnEnded("turn-1")]],
    });
    const thread = await client.codex.startThread();
    const handle = await thread.startGoal("Build it");
    const interrupted = rejectionOf(handle.interrupt());

    expect(await handle.result).toMatchObject({ goal: { status: "complete" } });
    expect(await interrupted).toMatchObject({ code: "REQUEST_TIMEOUT" });
    expect(client.held()).not.toContain("occupiedThreads");
  });
});
