import { InvalidOptionError } from "@openai/codex";
import { describe, expect, it } from "vitest";

import { outcomeOf, RuntimeDifference, wordOf } from "../src/outcome.js";
import { features } from "../src/probeRuntime.js";
import { toPage, toTable } from "../src/skewTable.js";
import { DEFAULT_VERSIONS, SKEW_VERSIONS } from "../src/versions.js";

describe("the versions", () => {
  it("are at least eight, a prerelease among them, and those of the default run are three of them", () => {
    expect(SKEW_VERSIONS.length).toBeGreaterThanOrEqual(8);
    expect(SKEW_VERSIONS.filter((version) => version.includes("-"))).toHaveLength(1);
    expect(DEFAULT_VERSIONS).toHaveLength(3);
    expect(SKEW_VERSIONS).toEqual(expect.arrayContaining([...DEFAULT_VERSIONS]));
  });
});

describe("an outcome", () => {
  it("is ok, a typed error's code, a difference of the runtime's, or a fault", async () => {
    const fail = (error: Error) => () => Promise.reject(error);
    const probes = [
      () => Promise.resolve(),
      fail(new InvalidOptionError("x", "no")),
      fail(new RuntimeDifference("another way")),
      fail(new TypeError("oops")),
      () => new Promise<void>(() => {}),
    ];

    const outcomes = await Promise.all(probes.map((probe) => outcomeOf(probe, 50)));

    expect(outcomes.map(wordOf)).toEqual([
      "ok",
      "INVALID_OPTION",
      "differs",
      "FAULT: oops",
      "FAULT: It had not ended after 50 ms.",
    ]);
  });
});

describe("the page", () => {
  it("has a row for each runtime, and says of each feature that is not ok what came", () => {
    const ok = { kind: "ok" } as const;
    const message = "goal: unknown variant, expected one of `a`, `b` (JSON-RPC error -32600)";
    const refused = { kind: "refused", code: "INVALID_REQUEST", message } as const;
    const all = Object.fromEntries(features.map((name) => [name, ok]));

    const page = toPage([{ version: "1.2.3", outcomes: { ...all, goal: refused } }]);

    const rows = page.split("\n").filter((line) => line.startsWith("| 1.2.3"));
    expect(
      rows.map((row) =>
        row
          .split("|")
          .map((cell) => cell.trim())
          .slice(1, -1),
      ),
    ).toEqual([
      ["1.2.3", ...features.map((name) => (name === "goal" ? "`INVALID_REQUEST`" : "ok"))],
      ["1.2.3", "goal", "goal: unknown variant (JSON-RPC error -32600)"],
    ]);
  });

  it("has its columns in line", () => {
    expect(
      toTable([
        ["a", "long"],
        ["longer", "b"],
      ]),
    ).toBe(["| a      | long |", "| ------ | ---- |", "| longer | b    |"].join("\n"));
  });
});
