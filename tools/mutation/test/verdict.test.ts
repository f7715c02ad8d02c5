import type { MutantResult } from "@stryker-mutator/api/core";
import { describe, expect, it } from "vitest";

import { toFileScore, toPercent } from "../src/fileScore.js";
import { toPage } from "../src/page.js";
import { judge } from "../src/verdict.js";

const SOURCE = ["function f(a) {", "  if (a > 1) {", "    g();", "  }", "}", ""].join("\n");

/** A mutant of the condition in SOURCE, unless it says where. */
function mutant(
  status: MutantResult["status"],
  replacement = "true",
  location: MutantResult["location"] = {
    start: { line: 2, column: 7 },
    end: { line: 2, column: 12 },
  },
): MutantResult {
  return {
    id: "1",
    fileName: "f.ts",
    mutatorName: "ConditionalExpression",
    location,
    status,
    replacement,
  };
}

const killed = (count: number) => Array.from({ length: count }, () => mutant("Killed"));

const survivor = { file: "f.ts", line: "if (a > 1) {", code: "a > 1", mutant: "true" };
const known = { ...survivor, reason: "it is always so." };

describe("the score of a file", () => {
  it("counts who has come to an end by a test, and names who has not by the code", () => {
    const block = { start: { line: 2, column: 14 }, end: { line: 4, column: 4 } };
    const score = toFileScore("f.ts", SOURCE, [
      mutant("Killed"),
      mutant("Timeout"),
      mutant("RuntimeError"),
      mutant("Survived"),
      mutant("NoCoverage", "{}", block),
    ]);
    expect(score).toEqual({
      file: "f.ts",
      killed: 2,
      invalid: 1,
      survivors: [survivor, { file: "f.ts", line: "if (a > 1) {", code: "{ g(); }", mutant: "{}" }],
    });
    expect(toPercent([score])).toBe(50);
  });
});

describe("the verdict", () => {
  it("has no problem at the threshold, with a reason for each survivor", () => {
    const scores = [toFileScore("f.ts", SOURCE, [...killed(9), mutant("Survived")])];
    expect(judge(scores, [known])).toEqual({ survivors: [known], problems: [] });
    expect(toPage(scores, [known])).toContain(
      [
        "| File   | Killed | Survived | Not valid |  Score |",
        "| ------ | -----: | -------: | --------: | -----: |",
        "| f.ts   |      9 |        1 |         0 | 90.0 % |",
        "| In all |      9 |        1 |         0 | 90.0 % |",
      ].join("\n"),
    );
    expect(toPage(scores, [known])).toContain("In `f.ts`: it is always so.");
  });

  it.each([
    [
      "one survives without a reason beside others",
      [...killed(18), mutant("Survived"), mutant("Survived", "false")],
      [known],
      "A new survivor",
    ],
    ["too few are killed", [...killed(8), mutant("Survived")], [known], "88.9 % of the mutants"],
    ["one survives without a reason", [...killed(9), mutant("Survived")], [], "A new survivor"],
    [
      "one survives in another way than that with a reason",
      [...killed(9), mutant("Survived", "false")],
      [{ ...known, mutant: "false" }, known],
      "No survivor any more",
    ],
    ["a reason is of no use any more", killed(9), [known], "No survivor any more"],
    ["a file has no mutant", [], [], "f.ts has no mutant"],
  ])("has one problem when %s", (_when, mutants, reasons, problem) => {
    const { problems } = judge([toFileScore("f.ts", SOURCE, mutants)], reasons);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });
});
