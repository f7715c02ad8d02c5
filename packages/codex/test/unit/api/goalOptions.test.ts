import { describe, expect, it } from "vitest";

import { toGoalOptions, toObjective } from "../../../src/api/goals/goalOptions.js";
import { InvalidOptionError } from "../../../src/errors.js";

/** Returns the option that a refusal names. */
function refusedOption(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof InvalidOptionError) return error.option;
    throw error;
  }
  throw new Error("It was not refused.");
}

describe("the options of a goal", () => {
  it("are separated from those that are sent, with 30 seconds for the first turn", () => {
    const signal = new AbortController().signal;

    expect(toGoalOptions("startGoal", { tokenBudget: 100, signal })).toEqual({
      startTimeoutMs: 30_000,
      idleTimeoutMs: undefined,
      signal,
      rest: { tokenBudget: 100 },
    });
    expect(toGoalOptions("startGoal", { startTimeoutMs: 5 }).startTimeoutMs).toBe(5);
  });

  it.each(["startTimeoutMs", "idleTimeoutMs"])("refuse a %s that is not a duration", (name) => {
    for (const value of [0, -1, Number.NaN, Infinity, 2 ** 31, "5"]) {
      expect(refusedOption(() => toGoalOptions("startGoal", { [name]: value }))).toBe(name);
    }
  });

  it("refuse an unknown name, such as the status", () => {
    const options: object = { status: "paused" };

    expect(refusedOption(() => toGoalOptions("startGoal", options))).toBe("status");
  });
});

describe("the objective of a goal", () => {
  it("is trimmed, and may have 4,000 characters, however many code units they take", () => {
    expect(toObjective("  Build it\n")).toBe("Build it");
    expect(toObjective(` ${"😀".repeat(4000)} `)).toHaveLength(8000);
    expect(refusedOption(() => toObjective("😀".repeat(4001)))).toBe("objective");
    expect(refusedOption(() => toObjective("x".repeat(4001)))).toBe("objective");
  });

  it.each([
    ["empty", ""],
    ["only white space", " \n\t"],
    ["a lone surrogate", "Build \ud83d it"],
    ["not a string", 3],
    ["missing", undefined],
  ])("is refused when it is %s", (_case, objective) => {
    expect(refusedOption(() => toObjective(objective))).toBe("objective");
  });
});
