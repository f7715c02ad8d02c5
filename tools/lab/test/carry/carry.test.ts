import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { faultOf, type StoredTurn } from "../../src/carry/conversation.js";
import { toPage, toSummary } from "../../src/carry/report.js";

const main = fileURLToPath(new URL("../../dist/carry/main.js", import.meta.url));

function turn(input: string, status = "completed"): StoredTurn {
  return { id: input, input, answer: `answer to ${input}.`, status };
}

describe("the history after a kill", () => {
  it.each([
    ["the turns that were shown", [turn("a")]],
    ["one that ended and was not shown", [turn("a"), turn("b")]],
  ])("may have %s", (_title, found) => {
    expect(faultOf(found, [turn("a")], "b")).toBeUndefined();
  });

  it.each([
    ["none of the turns that were shown", [], "not in the history"],
    ["another turn in place of one", [turn("x")], "not in the history"],
    ["one that has not ended", [turn("a"), turn("b", "interrupted")], "not ended"],
    ["one that was not begun", [turn("a"), turn("c")], "not ended"],
    ["two more", [turn("a"), turn("b"), turn("b")], "not ended"],
  ])("must not have %s", (_title, found, fault) => {
    expect(faultOf(found, [turn("a")], "b")).toContain(fault);
  });

  it("is counted and listed in the report", () => {
    const points = [
      { steps: 1, last: "begin", fault: undefined },
      { steps: 2, last: "turn/started", fault: "lost" },
    ];

    expect(toSummary(points)).toContain("killed at step 2 (turn/started): lost");
    expect(toPage(points, "v1")).toContain("1 of 2 continued");
  });
});

describe.skipIf(process.platform !== "linux")("the short proof (it reads /proc)", () => {
  it("continues a conversation whose hosts were killed at five points", async () => {
    const { status, stdout } = await new Promise<{ status: number | null; stdout: string }>(
      (resolve) => {
        const child = execFile(process.execPath, [main, "--short"], (_error, output, errors) =>
          resolve({ status: child.exitCode, stdout: output + errors }),
        );
      },
    );

    expect({ status, stdout: stdout.trim() }).toEqual({
      status: 0,
      stdout: "5 of 5 continued with the same id and the history of the last ended turn.",
    });
  });
});
