import { describe, expect, it } from "vitest";

import { StderrTail } from "../../../src/transport/stderrTail.js";

describe("StderrTail", () => {
  it("shows the last 40 lines, cut to their last 2,000 characters", () => {
    const tail = new StderrTail();
    for (let i = 1; i <= 50; i += 1) tail.push(`line ${i}`);
    expect(tail.text().split("\n")).toEqual(Array.from({ length: 40 }, (_, i) => `line ${i + 11}`));

    tail.push("x".repeat(5000));
    expect(tail.text()).toBe("x".repeat(2000));
  });

  it("takes the colours out, and masks what is secret", () => {
    const tail = new StderrTail(["hunter2-hunter2"]);
    const shown = tail.push("\u001b[31mERROR\u001b[0m key sk-abcdef123456, hunter2-hunter2  ");
    expect(shown).toBe("ERROR key [masked], [masked]");
    expect(tail.text()).toBe(shown);
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
