import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const TABLE = fileURLToPath(new URL("../PARITY.md", import.meta.url));

interface Row {
  readonly scenario: string;
  /** A test file, or `does not apply`. */
  readonly test: string;
  /** The test's title, `-` for a file of type tests, or a reason. */
  readonly detail: string;
}

/** The rows of all tables in the text, without their heads. */
function readRows(text: string): Row[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1))
    .map(([scenario = "", test = "", ...rest]) => ({
      scenario: scenario.trim(),
      test: test.trim(),
      detail: rest.join("|").trim(),
    }))
    .filter(({ scenario }) => scenario !== "scenario" && !/^-+$/u.test(scenario));
}

/** Returns the fault of a row; `undefined` when there is none. */
function faultOf({ scenario, test, detail }: Row): string | undefined {
  if (scenario === "" || detail === "") return `${scenario}: an empty cell`;
  if (test === "does not apply") return undefined;
  const path = `${ROOT}${test}`;
  if (!/\.test(?:-d)?\.ts$/u.test(test) || !existsSync(path)) return `${scenario}: no file ${test}`;
  if (test.endsWith(".test-d.ts") && detail === "-") return undefined;
  // A title is the first argument of a call that goes on with the test's options or function.
  const title = detail.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  const isThere = new RegExp(`\\(\\s*(["'\`])${title}\\1,`, "u").test(readFileSync(path, "utf8"));
  return isThere ? undefined : `${scenario}: no test "${detail}" in ${test}`;
}

describe("the parity table", () => {
  const rows = readRows(readFileSync(TABLE, "utf8"));

  it("names only test files and titles that exist", () => {
    expect(rows.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
  });

  it("has all scenarios of the Python SDK, each once", () => {
    const scenarios = rows.map(({ scenario }) => scenario);
    expect(scenarios.length).toBeGreaterThanOrEqual(150);
    expect(scenarios.filter((name, index) => scenarios.indexOf(name) !== index)).toEqual([]);
  });

  it("would show a file, a title and a cell that are missing", () => {
    const self = "packages/codex/test/architecture/parity.test.ts";
    const faults = [
      { scenario: "a", test: "packages/codex/test/no.test.ts", detail: "x" },
      { scenario: "b", test: self, detail: "no such title" },
      { scenario: "c", test: self, detail: "" },
      { scenario: "d", test: self, detail: "names only test files and titles that exist" },
    ].map(faultOf);

    expect(faults).toEqual([
      "a: no file packages/codex/test/no.test.ts",
      `b: no test "no such title" in ${self}`,
      "c: an empty cell",
      undefined,
    ]);
  });
});
