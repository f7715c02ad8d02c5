import { describe, expect, it } from "vitest";

import { median, mediansOf } from "../../src/bench/interleave.js";
import { type Row, rowsTable, verdictOf } from "../../src/bench/row.js";

function row(value: number, reach: Row["reach"], unit: Row["unit"] = "x"): Row {
  return { name: "turn.bare", what: "a turn", value, unit, reach, detail: "1 ms / 2 ms" };
}

const atMost = (value: number) => ({ kind: "atMost", value }) as const;
const atLeast = (value: number) => ({ kind: "atLeast", value }) as const;

describe("verdictOf", () => {
  it.each([
    [row(1, atMost(1)), "ok"],
    [row(1.09, atMost(1)), "noise"],
    [row(1.11, atMost(1)), "out of reach"],
    [row(0.8, atLeast(0.8)), "ok"],
    [row(0.73, atLeast(0.8)), "noise"],
    [row(0.7, atLeast(0.8)), "out of reach"],
    [row(Number.NaN, atMost(1)), "out of reach"],
    [row(7, null), "measured"],
  ])("compares $value with its limit and 10 %% of noise", (given, verdict) => {
    expect(verdictOf(given)).toBe(verdict);
  });

  it("allows a millisecond of noise where 10 % is less", () => {
    expect(verdictOf(row(5.9, atMost(5), "ms"))).toBe("noise");
    expect(verdictOf(row(6.1, atMost(5), "ms"))).toBe("out of reach");
  });
});

describe("median", () => {
  it("is the middle value, the lower one of two", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2);
    expect(median([])).toBeNaN();
  });

  it("is taken of each measure of the rounds", () => {
    const rounds = [
      { ms: 3, bytes: 10 },
      { ms: 1, bytes: 30 },
      { ms: 2, bytes: 20 },
    ];
    expect(mediansOf(rounds)).toEqual({ ms: 2, bytes: 20 });
  });
});

describe("rowsTable", () => {
  it("shows value, limit, verdict and figures of each row", () => {
    const lines = rowsTable([row(1.2, atMost(1)), row(5, null, "kB")]).split("\n");
    expect(lines.slice(2).map((line) => line.split("|").map((cell) => cell.trim()))).toEqual([
      ["", "turn.bare", "1.20 x", "≤ 1.00 x", "out of reach", "a turn", "1 ms / 2 ms", ""],
      ["", "turn.bare", "5 kB", "-", "measured", "a turn", "1 ms / 2 ms", ""],
    ]);
  });
});
