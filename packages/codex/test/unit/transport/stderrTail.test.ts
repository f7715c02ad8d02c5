import { describe, expect, it } from "vitest";

import { StderrTail, withoutColours } from "../../../src/transport/stderrTail.js";

describe("StderrTail", () => {
  it("shows the last 40 lines, cut to their last 2,000 characters", () => {
    const tail = new StderrTail();
    for (let i = 1; i <= 50; i += 1) tail.push(`line ${i}`);
    expect(tail.text().split("\n")).toEqual(Array.from({ length: 40 }, (_, i) => `line ${i + 11}`));

    tail.push(`${"x".repeat(3000)}y`);
    expect(tail.text()).toBe("x".repeat(2000));
  });

  it("removes the colours and the white space at the end of a line", () => {
    expect(withoutColours("\u001b[31mERROR\u001b[0m no such model  ")).toBe("ERROR no such model");
  });

  it("keeps the same text whether a flood came before or not", () => {
    const flooded = new StderrTail();
    for (let i = 0; i < 100_000; i += 1) flooded.push(`noise ${i}`);
    const quiet = new StderrTail();
    for (let i = 0; i < 40; i += 1) {
      flooded.push(`end ${i}`);
      quiet.push(`end ${i}`);
    }
    expect(flooded.text()).toBe(quiet.text());
  });
});
