import { setImmediate } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { message } from "../../src/testing/index.js";
import { type RecordedHarness, startRecordedHarness } from "../support/recordedHarness.js";

/** A thread that has had a turn, so that there is something to compact. */
async function startTalking(harness: RecordedHarness) {
  harness.model.reply("Long talk.");
  const thread = await harness.codex.startThread();
  await thread.run("Talk long");
  return thread;
}

describe("an aborted compaction", () => {
  it("rejects with the reason, is stopped, and has the thread until then", async () => {
    await using harness = await startRecordedHarness();
    const thread = await startTalking(harness);
    const gate = harness.model.gate();
    harness.model.enqueue(gate);
    harness.model.enqueue(message("Next done."));
    const controller = new AbortController();
    const reason = new Error("changed my mind");

    const compacting = thread.compact({ signal: controller.signal });
    await gate.reached;
    controller.abort(reason);

    await expect(compacting).rejects.toBe(reason);
    // The next run waits until the compaction has been stopped.
    const next = await thread.run("Next");
    expect(next.finalResponse).toBe("Next done.");
    expect(harness.sent("turn/interrupt")).toHaveLength(1);
  });

  it("is stopped, too, when the abort comes before it has begun", async () => {
    await using harness = await startRecordedHarness();
    const thread = await startTalking(harness);
    harness.model.respond((request) =>
      request.lastUserText() === "Next" ? [message("Next done.")] : [harness.model.gate()],
    );
    const controller = new AbortController();
    const reason = new Error("changed my mind");

    const compacting = thread.compact({ signal: controller.signal });
    // By now the request is written, and its answer cannot have been read.
    await setImmediate();
    controller.abort(reason);

    await expect(compacting).rejects.toBe(reason);
    const next = await thread.run("Next", { whenBusy: "queue" });
    expect(next.finalResponse).toBe("Next done.");
    expect(harness.sent("turn/interrupt")).toHaveLength(1);
  });
});

describe("an aborted run that had joined a turn", () => {
  it("rejects with its own reason, and leaves the turn to its starter", async () => {
    await using harness = await startRecordedHarness();
    const [west, north] = [harness.model.gate(), harness.model.gate()];
    harness.model.streamText(["Going west", west]).streamText(["Going north", north]);
    const thread = await harness.codex.startThread();
    const controller = new AbortController();
    const reason = new Error("changed my mind");

    const first = thread.run("Go west");
    await west.reached;
    const second = thread.run("Go north", { whenBusy: "steer", signal: controller.signal });
    await north.reached;
    controller.abort(reason);

    await expect(second).rejects.toBe(reason);
    north.open();
    expect(await first).toMatchObject({ status: "completed", finalResponse: "Going north" });
  });
});
