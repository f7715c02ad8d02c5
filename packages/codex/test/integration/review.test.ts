import { getEventListeners } from "node:events";

import { describe, expect, it } from "vitest";

import { startRecordedHarness } from "../support/recordedHarness.js";
import { startHarness } from "../support/testingKit.js";
import { readUntil } from "../support/turnEvents.js";

const TARGET = { type: "custom", instructions: "Look for mistakes" } as const;

describe("Codex.review", () => {
  it("runs as a turn on the thread, and its result holds the review", async () => {
    await using harness = await startHarness();
    harness.model.reply("No mistakes found.");
    const thread = await harness.codex.startThread();

    const turn = await harness.codex.review(thread.id, { target: TARGET });
    const result = await turn.run();

    expect(turn.threadId).toBe(thread.id);
    expect({ id: result.id, status: result.status, answer: result.finalResponse }).toEqual({
      id: turn.id,
      status: "completed",
      answer: "No mistakes found.",
    });
    expect(result.items.map(({ type }) => type)).toEqual([
      "enteredReviewMode",
      "userMessage",
      "exitedReviewMode",
      "agentMessage",
    ]);
    expect(result.items).toContainEqual(
      expect.objectContaining({ type: "exitedReviewMode", review: "No mistakes found." }),
    );
  });

  it("streams from its start to its completion, and leaves the thread free", async () => {
    await using harness = await startHarness();
    harness.model.reply("Fine.").reply("After.");
    const thread = await harness.codex.startThread();

    const turn = await harness.codex.review(thread.id, { target: TARGET });
    const events = await readUntil(turn.stream(), "turn/completed");

    const methods = events.map(({ method }) => method);
    expect(methods).toContain("turn/started");
    expect(events.at(-1)).toMatchObject({ params: { turn: { id: turn.id } } });
    expect((await thread.run("After")).finalResponse).toBe("After.");
  });

  it("is interrupted, although the runtime knows it by another id then", async () => {
    await using harness = await startRecordedHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["Looking", gate]).reply("After.");
    const thread = await harness.codex.startThread();
    const turn = await harness.codex.review(thread.id, { target: TARGET });
    const running = turn.run();
    await gate.reached;

    await turn.interrupt();

    expect((await running).status).toBe("interrupted");
    const [sent] = harness.sent("turn/interrupt");
    expect(sent).toEqual({ threadId: thread.id, turnId: expect.any(String) });
    expect(sent).not.toMatchObject({ turnId: turn.id });
    expect((await thread.run("After")).finalResponse).toBe("After.");
  });

  it("is not lost when it is interrupted in its first milliseconds", async () => {
    await using harness = await startHarness();
    harness.model.respond(() => [harness.model.gate()]);
    const thread = await harness.codex.startThread();

    const turn = await harness.codex.review(thread.id, { target: TARGET });
    await turn.interrupt();

    expect((await turn.run()).status).toBe("interrupted");
  });

  it("is stopped by its signal, whose reason it rejects with", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["Looking", gate]).reply("After.");
    const thread = await harness.codex.startThread();
    const controller = new AbortController();
    const { signal } = controller;
    const reason = new Error("seen enough");
    const turn = await harness.codex.review(thread.id, { target: TARGET, signal });
    const running = turn.run();
    await gate.reached;

    controller.abort(reason);

    await expect(running).rejects.toBe(reason);
    expect((await thread.run("After", { whenBusy: "queue" })).finalResponse).toBe("After.");
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("is refused by the runtime without its target's facts, and leaves the thread free", async () => {
    await using harness = await startHarness();
    harness.model.reply("After.");
    const thread = await harness.codex.startThread();
    const target = { type: "custom", instructions: " " } as const;

    await expect(harness.codex.review(thread.id, { target })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      method: "review/start",
    });

    expect((await thread.run("After")).finalResponse).toBe("After.");
  });
});
