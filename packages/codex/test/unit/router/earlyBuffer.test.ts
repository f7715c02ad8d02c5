import { describe, expect, it } from "vitest";

import { BACKLOG_MERGE_THRESHOLD } from "../../../src/router/backlog.js";
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

  it("folds a flood of text once it is long, and only into the newest message of that key", () => {
    const buffer = new EarlyBuffer();
    buffer.open();
    const texts = Array.from({ length: BACKLOG_MERGE_THRESHOLD }, (_, i) => `<${i}>`);
    for (const text of [...texts, "more", "and more"]) buffer.offer("a", message(text));
    buffer.offer("b", message("other"));
    buffer.offer("b", message("turn"));
    buffer.offer("a", message("apart"));
    const last = message(`${texts.at(-1)}moreand more`);
    expect(buffer.claim("a")).toEqual([...texts.slice(0, -1).map(message), last, message("apart")]);
    expect(buffer.claim("b")).toEqual([message("otherturn")]);
  });

  it("folds nothing before that", () => {
    const buffer = new EarlyBuffer();
    buffer.open();
    const texts = Array.from({ length: BACKLOG_MERGE_THRESHOLD }, (_, i) => `<${i}>`);
    for (const text of texts) buffer.offer("a", message(text));
    expect(buffer.claim("a")).toEqual(texts.map(message));
  });

  it("forgets all on clear", () => {
    const buffer = new EarlyBuffer();
    buffer.open();
    buffer.offer("a", message("1"));
    buffer.clear();
    expect(buffer.close()).toEqual([]);
  });
});
