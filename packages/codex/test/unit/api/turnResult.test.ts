import type { Turn } from "@openai/codex-types";
import { describe, expect, it } from "vitest";

import { finalResponseOf, toTurnResult } from "../../../src/api/turns/turnResult.js";
import { TurnFailedError } from "../../../src/errors.js";
import { SecretMasker } from "../../../src/internal/secrets.js";
import type { TurnProgress } from "../../../src/router/turnFold.js";
import { tokens, usage, ZERO } from "../../support/tokenUsage.js";
import { agentMessage, turn } from "../../support/wire.js";

const NOTHING: TurnProgress = {
  items: [],
  usage: null,
  usageBefore: null,
  lastEvent: null,
  lastError: null,
};

describe("the result of a turn", () => {
  const completed = turn("turn-1", "completed", {
    startedAt: 1,
    completedAt: 2,
    durationMs: 1000,
  });
  const resultOf = (ended: Turn, progress: Partial<TurnProgress>) =>
    toTurnResult("turn-1", ended, { ...NOTHING, ...progress }, new SecretMasker());

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
      plan: null,
      output: undefined,
    });
  });

  it("has null for what the runtime does not send", () => {
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
      plan: null,
    });
  });

  it("shows the error without the key that the provider repeats", () => {
    const error = {
      message: "Incorrect API key: sk-abcdef123456",
      codexErrorInfo: null,
      additionalDetails: null,
      misalignment: null,
    };
    const call = () => resultOf(turn("turn-1", "failed", { error }), {});
    expect(call).toThrow(TurnFailedError);
    expect(call).toThrow("Incorrect API key: [masked]");
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
