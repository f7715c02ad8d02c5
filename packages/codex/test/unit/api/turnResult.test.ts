import type { ServerNotification, Turn } from "@openai/codex-types";
import { describe, expect, it } from "vitest";

import {
  finalResponseOf,
  toTurnResult,
  TurnCollector,
  type TurnProgress,
} from "../../../src/api/turns/turnResult.js";
import {
  agentMessage,
  delta,
  itemCompleted,
  itemStarted,
  turn,
  turnCompleted,
} from "../../support/wire.js";

interface Wire {
  readonly method: string;
  readonly params: unknown;
}

const ZERO = {
  totalTokens: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 0,
  reasoningOutputTokens: 0,
};

const NOTHING: TurnProgress = {
  items: [],
  usage: null,
  usageBefore: null,
  completed: null,
  lastEvent: null,
};

/** So many tokens of each kind, none of them as many as another. */
function tokens(n: number) {
  return {
    totalTokens: n,
    inputTokens: 2 * n,
    cachedInputTokens: 3 * n,
    cacheWriteInputTokens: 4 * n,
    outputTokens: 5 * n,
    reasoningOutputTokens: 6 * n,
  };
}

const usage = (total: number, last: number) => ({
  total: tokens(total),
  last: tokens(last),
  modelContextWindow: null,
});

/** What the runtime says of the tokens, or a runtime of another version in its stead. */
function usageEvent(tokenUsage: unknown): Wire {
  return { method: "thread/tokenUsage/updated", params: { tokenUsage } };
}

const compaction = { type: "contextCompaction", id: "c" };

/** A collector that has seen these. */
function collected(...events: readonly Wire[]): TurnCollector {
  const collector = new TurnCollector();
  // The events are as the runtime sends them, some as only another version would.
  for (const event of events) collector.add(event as ServerNotification);
  return collector;
}

describe("TurnCollector", () => {
  it("knows nothing before the first event", () => {
    const collector = new TurnCollector();
    expect([collector.progress, collector.isComplete]).toEqual([NOTHING, false]);
  });

  it("keeps completed items in order, and of anything else the method of the last alone", () => {
    const [first, second] = [agentMessage("a", "1"), agentMessage("b", "2")];
    const collector = collected(
      itemStarted(first),
      itemCompleted(first),
      itemCompleted(second),
      delta("more"),
    );
    expect(collector.progress).toEqual({
      ...NOTHING,
      items: [first, second],
      lastEvent: "item/agentMessage/delta",
    });
  });

  it("is complete with the turn of turn/completed", () => {
    const collector = collected(turnCompleted());
    expect([collector.isComplete, collector.progress]).toEqual([
      true,
      { ...NOTHING, completed: turn("turn-1", "completed"), lastEvent: "turn/completed" },
    ]);
  });

  it.each([
    ["an item that has started", itemStarted(undefined)],
    ["an item that is completed", itemCompleted(undefined)],
    ["the usage", usageEvent(undefined)],
    ["the usage's total", usageEvent({ last: tokens(1) })],
    ["the usage's last call", usageEvent({ total: tokens(1) })],
  ])("breaks nothing where a runtime leaves out %s", (_what, event) => {
    expect(collected(event).progress).toEqual({ ...NOTHING, lastEvent: event.method });
  });

  it("gives out what it has seen so far, which no later event changes", () => {
    const collector = collected(itemCompleted(agentMessage("a")));
    const { items } = collector.progress;
    collector.restoreItems([agentMessage("stored"), agentMessage("b")]);
    expect([items, collector.progress.items]).toEqual([
      [agentMessage("a")],
      [agentMessage("stored"), agentMessage("b")],
    ]);
  });

  it("adds to the items of the store without changing the caller's", () => {
    const stored = [agentMessage("stored")];
    const collector = new TurnCollector();
    collector.restoreItems(stored);
    // An event as the runtime sends it.
    collector.add(itemCompleted(agentMessage("next")) as ServerNotification);
    expect([stored.length, collector.progress.items.length]).toEqual([1, 2]);
  });
});

describe("the usage of a turn", () => {
  it("begins where the thread's total was before the first model call", () => {
    const { usage: last, usageBefore } = collected(
      usageEvent(usage(10, 4)),
      usageEvent(usage(17, 7)),
    ).progress;
    expect([last, usageBefore]).toEqual([usage(17, 7), tokens(6)]);
  });

  it("is that of the last event that says it in full", () => {
    const { progress } = collected(usageEvent(usage(10, 4)), usageEvent({ total: tokens(17) }));
    expect([progress.usage, progress.usageBefore]).toEqual([usage(10, 4), tokens(6)]);
  });

  it.each(Object.keys(ZERO))("begins nowhere while %s of the total is below the call's", (name) => {
    const reset = { ...usage(10, 4), total: { ...tokens(10), [name]: 1 } };
    expect(collected(usageEvent(reset)).progress.usageBefore).toBeNull();
    expect(collected(usageEvent(reset), usageEvent(usage(20, 4))).progress.usageBefore).toEqual(
      tokens(16),
    );
  });

  it("begins with nothing where the first call was the thread's first", () => {
    expect(collected(usageEvent(usage(4, 4))).progress.usageBefore).toEqual(ZERO);
  });

  it("does not count what the runtime repeats of the turn before, ahead of a compaction", () => {
    const events = [
      itemStarted(compaction),
      usageEvent(usage(10, 4)),
      usageEvent(usage(10, 4)),
      usageEvent(usage(13, 3)),
      usageEvent(usage(18, 5)),
    ];
    const before = events.map(
      (_, index) => collected(...events.slice(0, index + 1)).progress.usageBefore,
    );
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
    const { progress } = collected(...events, usageEvent(usage(13, 3)));
    expect(progress.usageBefore).toEqual(tokens(6));
  });
});

describe("the result of a turn", () => {
  const completed = turn("turn-1", "completed", {
    startedAt: 1,
    completedAt: 2,
    durationMs: 1000,
  });
  const resultOf = (ended: Turn, progress: Partial<TurnProgress>) =>
    toTurnResult("turn-1", ended, { ...NOTHING, ...progress });

  it("is made of all that was seen", () => {
    const items = [agentMessage("done")];
    expect(resultOf(completed, { items, usage: usage(17, 7), usageBefore: tokens(6) })).toEqual({
      id: "turn-1",
      status: "completed",
      error: null,
      startedAt: 1,
      completedAt: 2,
      durationMs: 1000,
      finalResponse: "done",
      items,
      usage: usage(17, 7),
      turnUsage: tokens(11),
      output: undefined,
    });
  });

  it("has null for what the runtime does not say", () => {
    // A runtime of another version may leave all of these out.
    const bare = { id: "turn-1", status: "interrupted" } as Turn;
    expect(resultOf(bare, {})).toEqual({
      id: "turn-1",
      status: "interrupted",
      error: null,
      startedAt: null,
      completedAt: null,
      durationMs: null,
      finalResponse: null,
      items: [],
      usage: null,
      turnUsage: null,
      output: undefined,
    });
  });

  it("shows the error without the key that the provider repeats", () => {
    const error = {
      message: "Incorrect API key: sk-abcdef123456",
      codexErrorInfo: null,
      additionalDetails: null,
      misalignment: null,
    };
    expect(resultOf(turn("turn-1", "failed", { error }), {}).error).toEqual({
      ...error,
      message: "Incorrect API key: [masked]",
    });
  });

  it.each([
    ["no usage was said", { usageBefore: tokens(1) }],
    ["it is unknown where the usage began", { usage: usage(5, 1) }],
    ["the total was reset", { usage: usage(5, 1), usageBefore: tokens(6) }],
  ])("has no usage of its own when %s", (_when, progress) => {
    expect(resultOf(completed, progress).turnUsage).toBeNull();
  });

  it("takes cache writes that an older runtime does not count for none", () => {
    const { cacheWriteInputTokens: _none, ...older } = tokens(6);
    const total = { ...older, totalTokens: 8 };
    // An older runtime's usage lacks the member.
    const progress = {
      usage: { ...usage(8, 1), total },
      usageBefore: older,
    } as unknown as TurnProgress;
    expect(resultOf(completed, progress).turnUsage).toEqual({ ...ZERO, totalTokens: 2 });
  });
});

describe("the final response", () => {
  const said = (text: string, phase: string | null | undefined) => ({
    ...agentMessage(text),
    phase,
  });

  it.each([
    ["the last final answer", [said("a", "final_answer"), said("b", "final_answer")], "b"],
    [
      "the final answer before a message without a phase",
      [said("a", "final_answer"), said("b", null)],
      "a",
    ],
    ["else the last message without a phase", [said("a", null), said("b", undefined)], "b"],
    ["never commentary", [said("a", null), said("b", "commentary")], "a"],
    ["null when there is commentary alone", [said("a", "commentary")], null],
    ["an empty text where it is the last", [said("a", null), said("", null)], ""],
    ["no other kind of item", [{ type: "plan", id: "p", text: "b" }], null],
    ["null without an item", [], null],
  ])("is %s", (_what, items, expected) => {
    // The phases are those of the protocol, and those that are left out.
    expect(finalResponseOf(items as TurnProgress["items"])).toBe(expected);
  });
});
