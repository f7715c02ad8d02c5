import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { startRecordedHarness } from "../support/recordedHarness.js";
import { message, startHarness } from "../support/testingKit.js";
import { readAll } from "../support/turnEvents.js";

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, "abort");

describe("an aborted signal", () => {
  it("that was aborted before the call rejects with its reason, and nothing is sent", async () => {
    await using harness = await startRecordedHarness();
    const thread = await harness.codex.startThread();
    const reason = new Error("changed my mind");
    const signal = AbortSignal.abort(reason);

    await expect(thread.run("Hi", { signal })).rejects.toBe(reason);
    await expect(thread.turn("Hi", { signal })).rejects.toBe(reason);
    await expect(thread.compact({ signal })).rejects.toBe(reason);

    expect([...harness.sent("turn/start"), ...harness.sent("thread/compact/start")]).toEqual([]);
    expect(listenersOf(signal)).toEqual([]);
    harness.model.reply("Free.");
    expect((await thread.run("The thread is free")).finalResponse).toBe("Free.");
  });

  it("before the turn has an id stops the turn on the runtime, and frees the thread", async () => {
    await using harness = await startRecordedHarness();
    harness.model.respond((request) =>
      request.lastUserText() === "Next" ? [message("Next done.")] : [harness.model.gate()],
    );
    const thread = await harness.codex.startThread();
    const controller = new AbortController();
    const reason = new Error("changed my mind");

    const running = thread.run("Never ends by itself", { signal: controller.signal });
    // By now the request is written, and its answer cannot have been read.
    await setImmediate();
    controller.abort(reason);

    await expect(running).rejects.toBe(reason);
    expect(listenersOf(controller.signal)).toEqual([]);
    const next = await thread.run("Next", { whenBusy: "queue" });
    expect(next.finalResponse).toBe("Next done.");
    const { data } = await thread.listTurns({ sortDirection: "asc" });
    expect(data.map(({ status }) => status)).toEqual(["interrupted", "completed"]);
    expect(harness.sent("turn/interrupt")).toEqual([{ threadId: thread.id, turnId: data[0]?.id }]);
  });

  it("in the tick of the call leaves no trace on the thread", async () => {
    await using harness = await startRecordedHarness();
    const thread = await harness.codex.startThread();
    const controller = new AbortController();
    const reason = new Error("changed my mind");

    const running = thread.run("Hi", { signal: controller.signal });
    controller.abort(reason);

    await expect(running).rejects.toBe(reason);
    harness.model.reply("Free.");
    expect((await thread.run("The thread is free")).finalResponse).toBe("Free.");
    expect(harness.sent("turn/start")).toHaveLength(1);
    expect(listenersOf(controller.signal)).toEqual([]);
  });

  it.each(["run", "turn.run", "turn.stream"] as const)(
    "in the middle of %s rejects with its reason, and interrupts the turn once",
    async (how) => {
      await using harness = await startRecordedHarness();
      const gate = harness.model.gate();
      harness.model.streamText(["Thinking", gate]).reply("Next done.");
      const thread = await harness.codex.startThread();
      const controller = new AbortController();
      const { signal } = controller;
      const reason = new Error("changed my mind");
      const start = async (): Promise<unknown> => {
        if (how === "run") return thread.run("Think", { signal });
        const turn = await thread.turn("Think", { signal });
        return how === "turn.run" ? turn.run() : readAll(turn.stream());
      };
      const running = start();
      await gate.reached;

      controller.abort(reason);

      await expect(running).rejects.toBe(reason);
      expect((await thread.run("Next", { whenBusy: "queue" })).finalResponse).toBe("Next done.");
      const { data } = await thread.listTurns({ sortDirection: "asc" });
      expect(data.map(({ status }) => status)).toEqual(["interrupted", "completed"]);
      expect(harness.sent("turn/interrupt")).toEqual([
        { threadId: thread.id, turnId: data[0]?.id },
      ]);
      expect(listenersOf(signal)).toEqual([]);
    },
  );

  it("in the first milliseconds of a turn is never lost", async () => {
    await using harness = await startHarness();
    harness.model.respond((request) =>
      request.lastUserText() === "Next" ? [message("Next done.")] : [harness.model.gate()],
    );
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const thread = await harness.codex.startThread();
        const controller = new AbortController();
        const turn = await thread.turn("Never ends by itself", { signal: controller.signal });
        controller.abort(new Error(`reason ${index}`));
        const outcome: unknown = await turn.run().catch((error: unknown) => error);
        await thread.run("Next", { whenBusy: "queue" });
        const { data } = await thread.listTurns({ sortDirection: "asc" });
        return { outcome, statuses: data.map(({ status }) => status) };
      }),
    );

    expect(outcomes).toEqual(
      Array.from({ length: 8 }, (_, index) => ({
        outcome: new Error(`reason ${index}`),
        statuses: ["interrupted", "completed"],
      })),
    );
  });

  it("after the end of the turn does nothing", async () => {
    await using harness = await startRecordedHarness();
    harness.model.reply("Done.");
    const thread = await harness.codex.startThread();
    const controller = new AbortController();

    const result = await thread.run("Be quick", { signal: controller.signal });
    expect(listenersOf(controller.signal)).toEqual([]);
    controller.abort();

    expect(result.finalResponse).toBe("Done.");
    await thread.read();
    expect(harness.sent("turn/interrupt")).toEqual([]);
  });

  it("that many runs share has no listener of an ended one", async () => {
    await using harness = await startHarness();
    harness.model.respond(() => [message("ok")]).fail("server_error", "unused");
    const { signal } = new AbortController();
    const thread = await harness.codex.startThread();

    await thread.run("one", { signal });
    const left = await thread.turn("two", { signal });
    for await (const _event of left.stream()) break;
    await thread.run("three", { signal, whenBusy: "queue" });
    harness.model.respond(() => undefined);
    await expect(thread.run("four", { signal })).rejects.toMatchObject({ code: "TURN_FAILED" });
    await expect(thread.run([], { signal })).rejects.toMatchObject({ code: "INVALID_OPTION" });

    expect(listenersOf(signal)).toEqual([]);
  });
});
