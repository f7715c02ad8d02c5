import { describe, expect, it } from "vitest";

import { TurnTimeoutError } from "../../src/index.js";
import { createFakeCodex } from "../support/fakeCodex.js";
import { rejectionOf } from "../support/rejection.js";
import {
  agentMessage,
  answersThread,
  answersTurn,
  itemCompleted,
  sends,
  turn,
  turnCompleted,
  turnStarted,
  wholeTurn,
} from "../support/wire.js";

describe("a turn with an idle limit", () => {
  it("that falls silent is read again, interrupted once, and rejected by its idle limit", async () => {
    const running = { thread: { id: "thread-1", turns: [turn("turn-1", "inProgress")] } };
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [
          [answersTurn, ...sends(turnStarted(), itemCompleted(agentMessage("so far")))],
          wholeTurn("again"),
        ],
        "thread/read": [{ answer: running }],
        "turn/interrupt": [
          { answer: {} },
          ...sends(turnCompleted("turn-1", "thread-1", "interrupted"), { method: "interrupted" }),
        ],
      },
    });
    const notifications = fake.codex.notifications();
    const thread = await fake.codex.startThread();

    const error = await rejectionOf(thread.run("go", { idleTimeoutMs: 100 }));

    expect(error).toBeInstanceOf(TurnTimeoutError);
    expect(error).toMatchObject({
      code: "TURN_TIMEOUT",
      message: expect.stringMatching(/turn-1.*100 ms.*item\/completed/),
      turn: { turnId: "turn-1", items: [agentMessage("so far")] },
    });
    expect((await notifications.next()).value).toEqual({ method: "interrupted" });
    expect(fake.server.received("turn/interrupt")).toHaveLength(1);
    expect((await thread.run("again")).finalResponse).toBe("again");
  });

  it("whose completion is lost is completed from what the thread has stored", async () => {
    const stored = turn("turn-1", "completed", { items: [agentMessage("stored")], durationMs: 5 });
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [answersTurn, ...sends(turnStarted())],
        "thread/read": [{ answer: { thread: { id: "thread-1", turns: [stored] } } }],
      },
    });
    const thread = await fake.codex.startThread();
    const result = await thread.run("go", { idleTimeoutMs: 100 });
    expect(result).toMatchObject({ status: "completed", finalResponse: "stored", durationMs: 5 });
    expect(fake.server.received("turn/interrupt")).toEqual([]);
  });

  it("that is aborted while it is read again rejects with the reason, without the answer", async () => {
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [answersTurn, ...sends(turnStarted())],
        "thread/read": sends({ method: "reading" }),
        "turn/interrupt": [{ answer: {} }],
      },
    });
    const notifications = fake.codex.notifications();
    const thread = await fake.codex.startThread();
    const controller = new AbortController();
    const reason = new Error("enough");
    const running = rejectionOf(
      thread.run("go", { idleTimeoutMs: 200, signal: controller.signal }),
    );
    await notifications.next();
    controller.abort(reason);
    expect(await running).toBe(reason);
  });

  it("that sends events again while it is read again continues", async () => {
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [answersTurn, ...sends(turnStarted())],
        "thread/read": sends(itemCompleted(agentMessage("late")), turnCompleted()),
      },
    });
    const thread = await fake.codex.startThread();
    const result = await thread.run("go", { idleTimeoutMs: 200 });
    expect(result).toMatchObject({ status: "completed", finalResponse: "late" });
    expect(fake.server.received("turn/interrupt")).toEqual([]);
  });
});
