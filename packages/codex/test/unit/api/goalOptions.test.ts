import { describe, expect, it } from "vitest";

import { toGoalStart } from "../../../src/api/goals/goalOptions.js";
import { InvalidOptionError } from "../../../src/errors.js";

/** The option that the refusal names. */
function refusedOption(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof InvalidOptionError) return error.option;
    throw error;
  }
  throw new Error("It was not refused.");
}

describe("what starts a goal", () => {
  it("is the trimmed objective and the options, with 30 seconds for the first turn", () => {
    const signal = new AbortController().signal;

    expect(toGoalStart("thread-1", "  Build it\n", { tokenBudget: 100, signal })).toEqual({
      params: { threadId: "thread-1", objective: "Build it", status: "active", tokenBudget: 100 },
      startTimeoutMs: 30_000,
    });
    expect(toGoalStart("thread-1", "Build it", { startTimeoutMs: 5 }).startTimeoutMs).toBe(5);
  });

  it("may have 4,000 characters, however many code units they take", () => {
    const { params } = toGoalStart("thread-1", ` ${"😀".repeat(4000)} `, {});

    expect(params.objective).toHaveLength(8000);
    expect(refusedOption(() => toGoalStart("thread-1", "😀".repeat(4001), {}))).toBe("objective");
    expect(refusedOption(() => toGoalStart("thread-1", "x".repeat(4001), {}))).toBe("objective");
  });

  it.each([
    ["empty", ""],
    ["nothing but space", " \n\t"],
    ["half of a surrogate pair", "Build \ud83d it"],
    ["no string", 3],
    ["missing", undefined],
  ])("has no objective that is %s", (_case, objective) => {
    // What a caller without types may pass.
    const call = () => toGoalStart("thread-1", objective as string, {});

    expect(refusedOption(call)).toBe("objective");
  });

  it.each([0, -1, Number.NaN, 2 ** 31, "5"])("has no startTimeoutMs of %s", (startTimeoutMs) => {
    // What a caller without types may pass.
    const options = { startTimeoutMs: startTimeoutMs as number };

    expect(refusedOption(() => toGoalStart("thread-1", "Build it", options))).toBe(
      "startTimeoutMs",
    );
  });

  it("has no option that is unknown, such as the status", () => {
    const options: object = { status: "paused" };

    expect(refusedOption(() => toGoalStart("thread-1", "Build it", options))).toBe("status");
  });
});
