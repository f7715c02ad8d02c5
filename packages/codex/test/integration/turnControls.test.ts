import type { ServerNotification } from "@openai/codex-types";
import { describe, expect, it } from "vitest";

import { InvalidRequestError } from "../../src/index.js";
import { agentMessage, commandExecution, userMessage } from "../support/expectedItems.js";
import { requestAt } from "../support/modelRequests.js";
import { startRecordedHarness } from "../support/recordedHarness.js";
import { message, shellCall, startHarness, streamedMessage } from "../support/testingKit.js";
import { tokens } from "../support/tokens.js";
import { deltasOf, readAll, readUntil } from "../support/turnEvents.js";

describe("TurnHandle.steer", () => {
  it("adds input to the running turn: one turn, a second request to the model", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["Going west", gate]).reply("Turned north.");
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Go west");
    await gate.reached;

    await turn.steer("Go north");
    const result = await turn.run();

    expect(result).toMatchObject({
      id: turn.id,
      status: "completed",
      finalResponse: "Turned north.",
      items: [userMessage("Go west"), userMessage("Go north"), agentMessage("Turned north.")],
    });
    expect(harness.model.requests).toHaveLength(2);
    expect(requestAt(harness.model, 1).userTexts().slice(-2)).toEqual(["Go west", "Go north"]);
    const { data } = await thread.listTurns();
    expect(data.map(({ id, status }) => [id, status])).toEqual([[turn.id, "completed"]]);
  });

  it("names the turn that it is for, and reaches one that has just been started", async () => {
    await using harness = await startRecordedHarness();
    harness.model.respond((request) => {
      const isSteered = request.userTexts().includes("More");
      return [isSteered ? message("Both.") : streamedMessage(["Hm", harness.model.gate()])];
    });
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("First");

    await turn.steer("More");

    expect((await turn.run()).finalResponse).toBe("Both.");
    expect(harness.sent("turn/steer")).toEqual([
      { threadId: thread.id, expectedTurnId: turn.id, input: [{ type: "text", text: "More" }] },
    ]);
  });

  it("is refused by the runtime once the turn has ended", async () => {
    await using harness = await startHarness();
    harness.model.reply("Done.");
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Be quick");
    await turn.run();

    await expect(turn.steer("Too late")).rejects.toBeInstanceOf(InvalidRequestError);
  });
});

describe("TurnHandle.interrupt", () => {
  it("ends the turn as interrupted, and a follow-up run works", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["Counting: 1", gate, ", 2"]).reply("Back again.");
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Count");
    const stream = turn.stream();
    const head = await readUntil(stream, "item/agentMessage/delta", { keepOpen: true });

    await turn.interrupt();
    const tail = await readAll(stream);

    expect(deltasOf([...head, ...tail])).toEqual(["Counting: 1"]);
    expect(tail.at(-1)).toMatchObject({
      method: "turn/completed",
      params: { turn: { id: turn.id, status: "interrupted", error: null } },
    });
    const next = await thread.run("Go on");
    expect({ status: next.status, finalResponse: next.finalResponse }).toEqual({
      status: "completed",
      finalResponse: "Back again.",
    });
  });

  it("gives run() a result whose status is interrupted, with what had been completed", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model
      .enqueue(shellCall("echo half", {}, { callId: "call_1" }))
      .streamText(["Half of", gate]);
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Answer");
    const running = turn.run();
    await gate.reached;

    await turn.interrupt();

    expect(await running).toEqual({
      id: turn.id,
      status: "interrupted",
      error: null,
      startedAt: expect.any(Number),
      completedAt: expect.any(Number),
      durationMs: expect.any(Number),
      finalResponse: null,
      items: [
        userMessage("Answer"),
        commandExecution({ id: "call_1", command: "echo half", output: "half\n" }),
      ],
      usage: expect.objectContaining({
        total: tokens(1, 0, 1, 0),
        last: tokens(1, 0, 1, 0),
        modelContextWindow: 258_400,
      }),
      turnUsage: tokens(1, 0, 1, 0),
      plan: null,
    });
  });

  it("is never lost in the first milliseconds of a turn", async () => {
    await using harness = await startHarness();
    harness.model.respond(() => [harness.model.gate()]);

    const statuses: string[] = [];
    for (let attempt = 0; attempt < 10; attempt += 1) {
      // One after the other, each on a new thread: its first turn is the one that starts slowly.
      // oxlint-disable-next-line no-await-in-loop
      const thread = await harness.codex.startThread();
      // oxlint-disable-next-line no-await-in-loop
      const turn = await thread.turn("Never ends by itself");
      // oxlint-disable-next-line no-await-in-loop
      await turn.interrupt();
      // oxlint-disable-next-line no-await-in-loop
      statuses.push((await turn.run()).status);
    }

    expect(statuses).toEqual(Array.from({ length: 10 }, () => "interrupted"));
  });

  it("sends one request, which waits for the turn to have started", async () => {
    await using harness = await startRecordedHarness();
    harness.model.respond(() => [harness.model.gate()]);
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Never ends by itself");

    await turn.interrupt();
    await turn.run();

    expect(harness.sent("turn/interrupt")).toEqual([{ threadId: thread.id, turnId: turn.id }]);
    const methods = harness.recording().map(({ method }) => method);
    expect(methods.indexOf("turn/interrupt")).toBeGreaterThan(methods.indexOf("turn/started"));
  });

  it("does nothing, and sends nothing, once the turn has ended", async () => {
    await using harness = await startRecordedHarness();
    harness.model.reply("Done.");
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Be quick");
    await turn.run();

    await turn.interrupt();

    expect(harness.sent("turn/interrupt")).toEqual([]);
  });

  it("ends a turn whose command is still running", async () => {
    await using harness = await startHarness();
    // Ends by itself as soon as its stdin does, so that it cannot outlive the runtime.
    harness.model.enqueue(shellCall("echo begun; cat", { tty: true, yield_time_ms: 30_000 }));
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Run it");
    const events: ServerNotification[] = [];
    for await (const event of turn.stream()) {
      events.push(event);
      const hasBegun =
        event.method === "item/started" && event.params.item.type === "commandExecution";
      if (hasBegun) await turn.interrupt();
    }

    expect(events.at(-1)).toMatchObject({ params: { turn: { status: "interrupted" } } });
    harness.model.reply("Still here.");
    expect((await thread.run("Are you there?")).finalResponse).toBe("Still here.");
  });
});
