import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { readScaleFigures } from "../../src/plan/figures.js";
import { toPlanTable, toStorage, withPlan } from "../../src/plan/plan.js";

const page = (path: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../../../../docs/${path}`, import.meta.url)), "utf8");

const FIGURES = { threads: 1_000, runtimeMb: 100, threadMb: 1, turnsPerSecond: 10 };

describe("the plan for many threads", () => {
  it("on its page is made of the figures of the performance page", async () => {
    const figures = readScaleFigures(await page("performance.md"));
    expect(await page("guides/containers.md")).toContain(toPlanTable(figures));
  });

  it("adds runtimes, memory and time, and distinguishes measured from extrapolated numbers", () => {
    const rows = toPlanTable(FIGURES).split("\n");
    expect(rows[2]).toMatch(/^\| 100 +\| 1 +\| 200 MB +\| 10 s +\| within the measured range \|$/);
    expect(rows[6]).toMatch(/^\| 2,500 +\| 3 +\| 2\.8 GB +\| 4 min +\| extrapolated +\|$/);
  });

  it("counts the storage of long threads by their turns", () => {
    const text = toStorage({ restKb: 12_000, threadKb: 51, turnKb: 1 });
    expect(text).toContain("1,000 threads of 50 such turns would take 100 MB (extrapolated)");
    expect(text).toContain("took 12 MB at the end");
  });

  it.each(["", "### Threads on one runtime\n\n| a |\n| --- |\n| x |\n"])(
    "is refused for a performance page without usable figures",
    (text) => {
      expect(() => readScaleFigures(text)).toThrow("has no table of threads");
    },
  );

  it("is refused for a page without its marks", () => {
    expect(() => withPlan("text", "plan")).toThrow("has no marks");
  });
});
