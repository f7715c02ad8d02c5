import { describe, expect, it } from "vitest";

import { EarlyBuffer } from "../../../src/router/earlyBuffer.js";
import { routed } from "../../support/routedMessage.js";
import { delta } from "../../support/wire.js";

const message = (text: string) => routed(delta(text));

describe("EarlyBuffer", () => {
  it("keeps nothing while no start is under way", () => {
    const buffer = new EarlyBuffer();
    expect(buffer.offer("a", message("1"))).toBe(false);
    buffer.open();
    expect(buffer.claim("a")).toEqual([]);
    expect(buffer.close()).toEqual([]);
    expect(buffer.offer("a", message("2"))).toBe(false);
  });

  it("hands out a key's messages in order, once, and leaves the others", () => {
    const buffer = new EarlyBuffer();
    buffer.open();
    for (const [key, text] of ["a1", "b1", "a2"].map((pair) => [pair[0], pair] as const)) {
      expect(buffer.offer(key ?? "", message(text))).toBe(true);
    }
    expect([buffer.claim("a"), buffer.claim("a"), buffer.close()]).toEqual([
      [message("a1"), message("a2")],
      [],
      [message("b1")],
    ]);
  });

  it("returns what nobody claimed only when the last start has settled", () => {
    const buffer = new EarlyBuffer();
    buffer.open();
    buffer.open();
    buffer.offer("a", message("1"));
    expect([buffer.close(), buffer.close()]).toEqual([[], [message("1")]]);
  });

  it("forgets all on clear", () => {
    const buffer = new EarlyBuffer();
    buffer.open();
    buffer.offer("a", message("1"));
    buffer.clear();
    expect(buffer.close()).toEqual([]);
  });
});
