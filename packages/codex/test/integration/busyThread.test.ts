import { getEventListeners } from "node:events";

import { describe, expect, it } from "vitest";

import { ThreadBusyError } from "../../src/index.js";
import { agentMessage, userMessage } from "../support/expectedItems.js";
import { requestAt } from "../support/modelRequests.js";
import { startRecordedHarness } from "../support/recordedHarness.js";
import { rejectionOf } from "../support/rejection.js";
import { message, startHarness, streamedMessage } from "../support/testingKit.js";

describe("a turn for a busy thread", () => {
  it("is refused with the active turn's name, before it is sent", async () => {
    await using harness = await startRecordedHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["Working", gate, "."]);
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Work");
    await gate.reached;

    const refusals = await Promise.all(
      [
        () => thread.run("More"),
        () => thread.turn("More"),
        () => thread.compact(),
        () => harness.codex.review(thread.id, { target: { type: "uncommittedChanges" } }),
      ].map((start) => start().catch((error: unknown) => error)),
    );

    for (const refusal of refusals) {
      expect(refusal).toBeInstanceOf(ThreadBusyError);
      expect(refusal).toMatchObject({
        code: "THREAD_BUSY",
        threadId: thread.id,
        activeTurnId: turn.id,
        message: `thread ${thread.id} is busy with turn ${turn.id}: add to that turn with steer(), or pass whenBusy: "steer" or "queue".`,
      });
    }
    gate.open();
    expect((await turn.run()).finalResponse).toBe("Working.");
    expect(harness.sent("turn/start")).toHaveLength(1);
  });

  it("is refused, too, while the other one is only being started", async () => {
    await using harness = await startHarness();
    harness.model.reply("First.");
    const thread = await harness.codex.startThread();

    const first = thread.run("First");
    const second = thread.run("Second");

    await expect(second).rejects.toMatchObject({ code: "THREAD_BUSY", activeTurnId: null });
    expect((await first).finalResponse).toBe("First.");
  });

  it("is refused by every handle on the thread, a resumed one included", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.streamText([gate, "done"]);
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Work");
    await gate.reached;

    const same = await harness.codex.resumeThread(thread.id);

    await expect(same.run("More")).rejects.toMatchObject({ activeTurnId: turn.id });
    gate.open();
    await turn.run();
  });

  it("is free again in the tick in which the result of the turn before it is there", async () => {
    await using harness = await startHarness();
    harness.model.respond((request) => [message(`Re: ${request.lastUserText() ?? ""}`)]);
    const thread = await harness.codex.startThread();

    const answers: (string | null)[] = [];
    for (const text of ["one", "two", "three", "four", "five"]) {
      // oxlint-disable-next-line no-await-in-loop
      answers.push((await thread.run(text)).finalResponse);
    }

    expect(answers).toEqual(["Re: one", "Re: two", "Re: three", "Re: four", "Re: five"]);
  });
});

describe('whenBusy: "steer"', () => {
  it("adds the input to the active turn, and gives a handle on that", async () => {
    await using harness = await startRecordedHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["Going west", gate]).reply("Turned north.");
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Go west");
    await gate.reached;

    const joined = await thread.turn("Go north", { whenBusy: "steer" });

    expect({ id: joined.id, threadId: joined.threadId }).toEqual({
      id: turn.id,
      threadId: thread.id,
    });
    expect(await joined.run()).toMatchObject({
      id: turn.id,
      finalResponse: "Turned north.",
      items: [userMessage("Go west"), userMessage("Go north"), agentMessage("Turned north.")],
    });
    expect(harness.model.requests).toHaveLength(2);
    expect(harness.sent("turn/start")).toHaveLength(1);
  });

  it("gives run() the same result as the one who started the turn", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["Going west", gate]).reply("Turned north.");
    const thread = await harness.codex.startThread();
    const first = thread.run("Go west");
    await gate.reached;

    const second = thread.run("Go north", { whenBusy: "steer" });

    expect(await second).toEqual(await first);
    expect((await first).finalResponse).toBe("Turned north.");
  });

  it("reaches a turn that is only being started", async () => {
    await using harness = await startHarness();
    harness.model.respond((request) => {
      const isJoined = request.userTexts().includes("Second");
      return [isJoined ? message("Both.") : streamedMessage(["Hm", harness.model.gate()])];
    });
    const thread = await harness.codex.startThread();

    const results = await Promise.all([
      thread.run("First"),
      thread.run("Second", { whenBusy: "steer" }),
    ]);

    expect(results.map(({ finalResponse }) => finalResponse)).toEqual(["Both.", "Both."]);
    expect(results[0].id).toBe(results[1].id);
  });

  it("refuses an option that only a new turn takes, and the active turn continues", async () => {
    await using harness = await startRecordedHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["Going west", gate, "."]);
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Go west");
    await gate.reached;

    const options = [
      { model: "other" },
      { sandbox: "read-only" },
      { approvalMode: "deny_all" },
      { effort: "high" },
      { cwd: harness.workspace },
    ] as const;
    for (const option of options) {
      // oxlint-disable-next-line no-await-in-loop -- one turn at a time
      const error = await rejectionOf(thread.run("Go north", { ...option, whenBusy: "steer" }));
      expect(error).toMatchObject({ code: "INVALID_OPTION", option: Object.keys(option)[0] });
    }
    gate.open();

    expect(await turn.run()).toMatchObject({ finalResponse: "Going west." });
    expect(harness.sent("turn/steer")).toEqual([]);
  });

  it("passes on the options that a running turn takes", async () => {
    await using harness = await startRecordedHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["Going west", gate]).reply("Turned north.");
    const thread = await harness.codex.startThread();
    await thread.turn("Go west");
    await gate.reached;

    const result = await thread.run("Go north", {
      whenBusy: "steer",
      clientUserMessageId: "message-2",
      additionalContext: { map: { kind: "application", value: "North is uphill." } },
    });

    expect(result.items[1]).toMatchObject({ type: "userMessage", clientId: "message-2" });
    expect(JSON.stringify(requestAt(harness.model, 1).body)).toContain("North is uphill.");
  });

  it("starts a turn of its own on a thread that is free", async () => {
    await using harness = await startHarness();
    harness.model.reply("Alone.");
    const thread = await harness.codex.startThread();

    const result = await thread.run("Anyone?", { whenBusy: "steer" });

    expect(result.finalResponse).toBe("Alone.");
  });
});

describe('whenBusy: "queue"', () => {
  it("starts the turns one after the other, in the order of the calls", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.respond((request) => {
      const text = request.lastUserText() ?? "";
      return text === "zero" ? [gate, message("Re: zero")] : [message(`Re: ${text}`)];
    });
    const thread = await harness.codex.startThread();
    const zero = thread.run("zero");
    const others = ["one", "two", "three"].map((text) => thread.run(text, { whenBusy: "queue" }));
    await gate.reached;
    gate.open();

    const results = await Promise.all([zero, ...others]);

    expect(results.map(({ finalResponse }) => finalResponse)).toEqual([
      "Re: zero",
      "Re: one",
      "Re: two",
      "Re: three",
    ]);
    expect(harness.model.requests.map((request) => request.lastUserText())).toEqual([
      "zero",
      "one",
      "two",
      "three",
    ]);
    expect(new Set(results.map(({ id }) => id)).size).toBe(4);
  });

  it("lets go of a turn whose signal aborts while it waits, and of no other", async () => {
    await using harness = await startRecordedHarness();
    const gate = harness.model.gate();
    harness.model.enqueue(gate, message("Re: zero")).reply("Re: two");
    const thread = await harness.codex.startThread();
    const controller = new AbortController();
    const reason = new Error("no longer needed");
    const zero = thread.run("zero");
    const one = thread.run("one", { whenBusy: "queue", signal: controller.signal });
    const two = thread.run("two", { whenBusy: "queue" });
    await gate.reached;

    controller.abort(reason);

    await expect(one).rejects.toBe(reason);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    gate.open();
    const answers = [(await zero).finalResponse, (await two).finalResponse];
    expect(answers).toEqual(["Re: zero", "Re: two"]);
    expect(harness.sent("turn/start")).toHaveLength(2);
    expect(harness.sent("turn/interrupt")).toEqual([]);
  });

  it("continues after a turn that failed or was interrupted", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.enqueue(gate).fail("server_error", "boom").reply("Recovered.");
    const thread = await harness.codex.startThread();
    const stuck = await thread.turn("stuck");
    const queued = Promise.allSettled([
      thread.run("failing", { whenBusy: "queue" }),
      thread.run("last", { whenBusy: "queue" }),
    ]);
    await gate.reached;

    await stuck.interrupt();

    expect((await stuck.run()).status).toBe("interrupted");
    expect(await queued).toMatchObject([
      { status: "rejected", reason: { code: "TURN_FAILED" } },
      { status: "fulfilled", value: { finalResponse: "Recovered." } },
    ]);
    expect(requestAt(harness.model, -1).lastUserText()).toBe("last");
  });
});
