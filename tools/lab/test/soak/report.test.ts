import { describe, expect, it } from "vitest";

import { toPage, toSummary } from "../../src/soak/report.js";
import { Problems, type ScenarioReport } from "../../src/soak/scenario.js";

const growth = { heapBytes: 0, fileDescriptors: 0, resources: [], processListeners: 0 };

function reportOf(problems: readonly string[]): ScenarioReport {
  return { name: "turns", cases: 1000, faults: { cuts: 7 }, growth, heapBound: 2 ** 20, problems };
}

describe("Problems.with", () => {
  it("lists failed checks and everything left behind beyond the bound", () => {
    const problems = new Problems();
    problems.check(true, () => "not reported");
    problems.check(false, () => "turn 3 has no text");
    const left = { heapBytes: 11, fileDescriptors: 2, resources: ["Timeout"], processListeners: 1 };

    expect(problems.with(left, 10)).toEqual([
      "turn 3 has no text",
      "the heap grew by 11 bytes; the bound is 10",
      "2 file descriptors were left",
      "1 listeners of process were left",
      "a Timeout was left",
    ]);
    expect(new Problems().with(growth, 10)).toEqual([]);
  });
});

describe("toSummary", () => {
  it("counts faults and cases, and states that nothing was lost", () => {
    const summary = toSummary([reportOf([]), reportOf([])]);

    expect(summary.split("\n").at(-1)).toBe(
      "14 faults injected, 2,000 cases run, nothing lost, nothing left behind.",
    );
  });

  it("lists the problems of each scenario", () => {
    expect(toSummary([reportOf(["lost"])]).split("\n")).toEqual([
      "NOT OK  turns: 1,000 cases, 7 faults; heap 0.00 MB of at most 1.00 MB",
      "  turns: lost",
      "7 faults injected, 1,000 cases run, 1 problems.",
    ]);
  });

  it("ends with the last line of the page", () => {
    const page = toPage([reportOf([])], "v1.2.3");

    expect(page).toContain("measured on Node v1.2.3");
    expect(page.trimEnd().split("\n").at(-1)).toBe(
      toSummary([reportOf([])])
        .split("\n")
        .at(-1),
    );
  });
});
