import { describe, expect, it } from "vitest";

import { markdownTable } from "../../src/markdownTable.js";
import { toPage } from "../../src/skew/page.js";
import { toResults } from "../../src/skew/runTests.js";
import { DEFAULT_VERSIONS, SKEW_VERSIONS } from "../../src/skew/versions.js";

const passed = { title: "runs a turn", status: "passed" };
const refused = {
  title: "reads a goal",
  status: "failed",
  failureMessages: [
    "InvalidRequestError: goal: unknown variant, expected one of `a`, `b` (JSON-RPC error -32600)\n  at x",
  ],
};
const report = {
  testResults: [
    { name: "/anyRuntime/optional.test.ts", assertionResults: [refused] },
    { name: "/anyRuntime/required.test.ts", assertionResults: [passed] },
  ],
};

describe("the versions of runtimes", () => {
  it("are at least eight with one prerelease, and include those of the slow tests", () => {
    expect(SKEW_VERSIONS.length).toBeGreaterThanOrEqual(8);
    expect(SKEW_VERSIONS.filter((version) => version.includes("-"))).toHaveLength(1);
    expect(SKEW_VERSIONS).toEqual(expect.arrayContaining([...DEFAULT_VERSIONS]));
  });
});

describe("toResults", () => {
  it("lists required tests first, with the first line of each failure", () => {
    expect(toResults(report)).toEqual([
      { feature: "runs a turn", isRequired: true, failure: null },
      {
        feature: "reads a goal",
        isRequired: false,
        failure: refused.failureMessages[0]?.split("\n")[0],
      },
    ]);
  });

  it("throws when a test file could not be loaded", () => {
    const broken = { name: "/required.test.ts", message: "syntax", assertionResults: [] };
    expect(() => toResults({ testResults: [broken] })).toThrow(
      "/required.test.ts has no tests: syntax",
    );
  });
});

describe("toPage", () => {
  it("has a row for each feature and a row for each failure", () => {
    const page = toPage(new Map([["1.2.3", toResults(report)]]));

    const rows = page.split("\n").filter((line) => line.startsWith("| "));
    expect(
      rows.map((row) =>
        row
          .split("|")
          .map((cell) => cell.trim())
          .slice(1, -1),
      ),
    ).toEqual([
      ["feature", "1.2.3"],
      [expect.stringMatching(/^-+$/u), expect.stringMatching(/^-+$/u)],
      ["runs a turn", "ok"],
      ["reads a goal", "`InvalidRequestError`"],
      ["runtime", "feature", "failure"],
      ["-------", "------------", expect.stringMatching(/^-+$/u)],
      [
        "1.2.3",
        "reads a goal",
        "InvalidRequestError: goal: unknown variant (JSON-RPC error -32600)",
      ],
    ]);
  });
});

describe("markdownTable", () => {
  it("pads the cells of each column to one width", () => {
    expect(
      markdownTable([
        ["a", "long"],
        ["longer", "b"],
      ]),
    ).toBe(["| a      | long |", "| ------ | ---- |", "| longer | b    |"].join("\n"));
  });
});
