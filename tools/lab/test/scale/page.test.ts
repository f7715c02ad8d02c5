import { describe, expect, it } from "vitest";

import { toPage } from "../../src/scale/page.js";

const MB = 1e6;

describe("docs/performance.md", () => {
  it("takes its figures from the measurements", () => {
    const thread = { sdkBytes: 0, turnsPerSecond: 10 };
    const page = toPage(
      {
        facts: { machine: "the machine of scale" },
        threads: [
          { ...thread, threads: 1, runtimeBytes: 70 * MB, runtimeBytesAfter: 80 * MB },
          {
            threads: 101,
            runtimeBytes: 270 * MB,
            runtimeBytesAfter: 380 * MB,
            sdkBytes: 101_000,
            turnsPerSecond: 20,
          },
        ],
        runtimes: [
          { runtimes: 1, threads: 4, runtimeBytes: 90 * MB, turnsPerSecond: 10 },
          { runtimes: 3, threads: 4, runtimeBytes: 150 * MB, turnsPerSecond: 10 },
        ],
        turns: [{ turns: 1, turnMs: 100.4 }],
        deltas: [{ deltas: 1000, eventsPerSecond: 500_000.4, heldBytes: 2 * MB }],
      },
      {
        facts: { machine: "the machine of bench" },
        rows: [
          {
            name: "turn.bareClient",
            what: "a turn / a bare client",
            value: 1.01,
            unit: "x",
            reach: { kind: "atMost", value: 1.03 },
            detail: "",
          },
        ],
      },
    );
    expect(page).toContain("the machine of bench");
    expect(page).toContain("the machine of scale");
    expect(page).toMatch(/turn\.bareClient +\| 1\.01 x/u);
    expect(page).toContain("A runtime takes 70.0 MB with its first thread.");
    expect(page).toContain("Each further thread takes 2.0 MB while idle\n  and 3.0 MB after");
    expect(page).toContain("the SDK's part of that is 1 kB");
    expect(page).toContain("101 threads on one runtime took 380.0 MB");
    expect(page).toContain("all started at once, 5 s");
    expect(page).toContain("A further runtime for the same threads takes 30.0 MB.");
    expect(page).toMatch(/\| 1,000 +\| 500,000 +\| 2\.0 MB/u);
  });
});
