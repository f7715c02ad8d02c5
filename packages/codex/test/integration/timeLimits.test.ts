import { describe, expect, it } from "vitest";

import { RequestTimeoutError, type Thread, TurnTimeoutError } from "../../src/index.js";
import { message } from "../../src/testing/index.js";
import { type RecordedHarness, startRecordedHarness } from "../support/recordedHarness.js";

const LIMIT = { timeoutMs: 1500 } as const;

/** Starts a thread whose model holds back every turn but the one with the text "Next". */
async function startHolding(harness: RecordedHarness): Promise<Thread> {
  harness.model.reply("ready");
  const thread = await harness.codex.startThread();
  await thread.run("Hello");
  harness.model.respond((request) =>
    request.lastUserText() === "Next" ? [message("next")] : [harness.model.gate()],
  );
  return thread;
}

describe("timeoutMs", () => {
  it.each<readonly [name: string, call: (thread: Thread) => Promise<unknown>]>([
    ["run()", (thread) => thread.run("Work", LIMIT)],
    ["turn() and its result", async (thread) => (await thread.turn("Work", LIMIT)).result],
    ["compact()", (thread) => thread.compact(LIMIT)],
    [
      "review() and its result",
      async (thread) =>
        (await thread.review({ ...LIMIT, target: { type: "custom", instructions: "look" } }))
          .result,
    ],
  ])(
    "of %s interrupts the turn and rejects with a TurnTimeoutError; the thread is free",
    async (_name, call) => {
      await using harness = await startRecordedHarness();
      const thread = await startHolding(harness);

      const error: unknown = await call(thread).catch((caught: unknown) => caught);

      expect(error).toBeInstanceOf(TurnTimeoutError);
      expect(String(error)).toMatch(
        /did not end within 1500 ms \(timeoutMs\) and was interrupted/u,
      );
      expect((await thread.run("Next")).finalResponse).toBe("next");
      expect(harness.sent("turn/interrupt")).toHaveLength(1);
    },
  );

  it("ends the stream of a turn with the same error", async () => {
    await using harness = await startRecordedHarness();
    const thread = await startHolding(harness);
    const turn = await thread.turn("Work", LIMIT);

    const read = async () => {
      for await (const _event of turn.stream()) {
        // Read to the end.
      }
    };

    await expect(read()).rejects.toBeInstanceOf(TurnTimeoutError);
  });

  it("of a queued run that has not been started rejects with a RequestTimeoutError", async () => {
    await using harness = await startRecordedHarness();
    const thread = await startHolding(harness);
    const active = await thread.turn("Work");

    const queued = thread.run("Next", { ...LIMIT, whenBusy: "queue" });

    await expect(queued).rejects.toBeInstanceOf(RequestTimeoutError);
    await active.interrupt();
    expect(harness.sent("turn/start")).toHaveLength(2);
  });

  it("of a turn that ends in time has no effect", async () => {
    await using harness = await startRecordedHarness();
    const thread = await startHolding(harness);

    expect((await thread.run("Next", { timeoutMs: 60_000 })).finalResponse).toBe("next");
  });

  it("with a signal ends at whichever comes first", async () => {
    await using harness = await startRecordedHarness();
    const thread = await startHolding(harness);
    const reason = new Error("left");
    const controller = new AbortController();

    const running = thread.run("Work", { timeoutMs: 60_000, signal: controller.signal });
    controller.abort(reason);

    await expect(running).rejects.toBe(reason);
  });
});
