import { describe, expect, it } from "vitest";

import { TurnFold, type TurnProgress } from "../../../src/router/turnFold.js";
import { routed } from "../../support/routedMessage.js";
import { tokens, usage, ZERO } from "../../support/tokenUsage.js";
import { agentMessage, delta, itemCompleted, itemStarted } from "../../support/wire.js";

interface Wire {
  readonly method: string;
  readonly params: unknown;
}

const NOTHING: TurnProgress = {
  items: [],
  usage: null,
  usageBefore: null,
  lastEvent: null,
  lastError: null,
};

/** A fold of these events, some of them as only another version of the runtime sends them. */
function folded(...events: readonly Wire[]): TurnFold {
  const fold = new TurnFold();
  for (const event of events) fold.add(routed(event));
  return fold;
}

/** The progress of a fold as a plain object. */
function progressOf({ items, usage: last, usageBefore, lastEvent, lastError }: TurnFold) {
  return { items, usage: last, usageBefore, lastEvent, lastError };
}

describe("TurnFold", () => {
  it("is empty before the first event", () => {
    expect(progressOf(new TurnFold())).toEqual(NOTHING);
  });

  it("keeps completed items in order, and of anything else the method of the last alone", () => {
    const [first, second] = [agentMessage("a", "1"), agentMessage("b", "2")];
    const fold = folded(
      itemStarted(first),
      itemCompleted(first),
      itemCompleted(second),
      delta("more"),
    );
    expect(progressOf(fold)).toEqual({
      ...NOTHING,
      items: [first, second],
      lastEvent: "item/agentMessage/delta",
    });
  });

  it.each([true, false])("keeps the last error, whether it is retried or not (%s)", (willRetry) => {
    const error = { message: "No network", codexErrorInfo: null, additionalDetails: null };
    const event = { method: "error", params: { turnId: "turn-1", willRetry, error } };
    expect(folded(event, delta("more")).lastError).toEqual(error);
    expect(folded(event, { method: "error", params: { error: null } }).lastError).toEqual(error);
  });

  it.each([
    ["an item that has started", itemStarted(undefined)],
    ["an item that is completed", itemCompleted(undefined)],
    ["the usage", usageEvent(undefined)],
    ["the usage's total", usageEvent({ last: tokens(1) })],
    ["the usage's last call", usageEvent({ total: tokens(1) })],
  ])("breaks nothing where a runtime leaves out %s", (_what, event) => {
    expect(progressOf(folded(event))).toEqual({ ...NOTHING, lastEvent: event.method });
  });

  it("adds to the restored items without changing the caller's list", () => {
    const stored = [agentMessage("stored")];
    const fold = new TurnFold();
    // SAFETY: the message has the members of an item that the fold reads.
    fold.restoreItems(stored as unknown as TurnProgress["items"]);
    fold.add(routed(itemCompleted(agentMessage("next"))));
    expect([stored.length, fold.items.length]).toEqual([1, 2]);
  });
});

/** A `thread/tokenUsage/updated`, perhaps as another version of the runtime sends it. */
function usageEvent(tokenUsage: unknown): Wire {
  return { method: "thread/tokenUsage/updated", params: { tokenUsage } };
}

const compaction = { type: "contextCompaction", id: "c" };

describe("the usage of a turn", () => {
  it("begins where the thread's total was before the first model call", () => {
    const { usage: last, usageBefore } = folded(usageEvent(usage(10, 4)), usageEvent(usage(17, 7)));
    expect([last, usageBefore]).toEqual([usage(17, 7), tokens(6)]);
  });

  it("is that of the last event that has it in full", () => {
    const progress = folded(usageEvent(usage(10, 4)), usageEvent({ total: tokens(17) }));
    expect([progress.usage, progress.usageBefore]).toEqual([usage(10, 4), tokens(6)]);
  });

  it.each(Object.keys(ZERO))("begins nowhere while %s of the total is below the call's", (name) => {
    const reset = { ...usage(10, 4), total: { ...tokens(10), [name]: 1 } };
    expect(folded(usageEvent(reset)).usageBefore).toBeNull();
    expect(folded(usageEvent(reset), usageEvent(usage(20, 4))).usageBefore).toEqual(tokens(16));
  });

  it("begins with nothing where the first call was the thread's first", () => {
    expect(folded(usageEvent(usage(4, 4))).usageBefore).toEqual(ZERO);
  });

  it("does not count what the runtime repeats of the turn before, ahead of a compaction", () => {
    const events = [
      itemStarted(compaction),
      usageEvent(usage(10, 4)),
      usageEvent(usage(10, 4)),
      usageEvent(usage(13, 3)),
      usageEvent(usage(18, 5)),
    ];
    const before = events.map((_, index) => folded(...events.slice(0, index + 1)).usageBefore);
    expect(before).toEqual([null, tokens(6), tokens(6), tokens(10), tokens(10)]);
  });

  it.each([
    [
      "a compaction after its first model call",
      [usageEvent(usage(10, 4)), itemStarted(compaction)],
    ],
    [
      "an item of another kind",
      [itemStarted({ type: "reasoning", id: "r" }), usageEvent(usage(10, 4))],
    ],
    ["a compaction that has only ended", [itemCompleted(compaction), usageEvent(usage(10, 4))]],
  ])("counts from its first model call with %s", (_what, events) => {
    const progress = folded(...events, usageEvent(usage(13, 3)));
    expect(progress.usageBefore).toEqual(tokens(6));
  });
});
