import { describe, expect, it } from "vitest";

import { InvalidOptionError } from "../../src/index.js";
import { startRecordedHarness } from "../support/recordedHarness.js";

describe("an option that a method does not have", () => {
  it("is refused by every method that takes options, with the list of those that it has", async () => {
    await using harness = await startRecordedHarness();
    const { codex } = harness;
    const thread = await codex.startThread();
    // As a caller without a compiler may write it.
    const options = { bogus: 1 } as object;
    const target = { target: { type: "uncommittedChanges" } } as const;

    const calls: Readonly<Record<string, () => unknown>> = {
      startThread: () => codex.startThread(options),
      resumeThread: () => codex.resumeThread(thread.id, options),
      forkThread: () => codex.forkThread(thread.id, options),
      listThreads: () => codex.listThreads(options),
      models: () => codex.models(options),
      account: () => codex.account(options),
      notifications: () => codex.notifications(options),
      review: () => codex.review(thread.id, { ...target, ...options }),
      turn: () => thread.turn("Hi", options),
      runGoal: () => thread.runGoal("Win", options),
      read: () => thread.read(options),
      listTurns: () => thread.listTurns(options),
      listItems: () => thread.listItems(options),
      compact: () => thread.compact(options),
    };
    const sent = () => harness.recording().filter(({ from }) => from === "client").length;
    const before = sent();
    for (const [name, call] of Object.entries(calls)) {
      const error: unknown = await (async () => call())().catch((reason: unknown) => reason);
      expect({ name, isRefused: error instanceof InvalidOptionError }).toEqual({
        name,
        isRefused: true,
      });
      expect(error).toMatchObject({
        option: "bogus",
        message: expect.stringContaining("does not have this option; the known ones are "),
      });
    }
    expect(sent()).toBe(before);
  });
});
