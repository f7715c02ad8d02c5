import { describe, expect, it } from "vitest";

import {
  BACKLOG_MERGE_THRESHOLD,
  NOTIFICATION_BACKLOG_LIMIT,
} from "../../../src/router/backlog.js";
import { EarlyBuffer } from "../../../src/router/earlyBuffer.js";
import type { NotificationMessage } from "../../../src/rpc/message.js";
import { routed } from "../../support/routedMessage.js";
import { delta } from "../../support/wire.js";

const THREAD = "thread-1";
const message = (text: string) => routed(delta(text));

function newBuffer() {
  const released: NotificationMessage[] = [];
  return { buffer: new EarlyBuffer((one) => released.push(one)), released };
}

describe("EarlyBuffer", () => {
  it("keeps nothing while no start of the scope is in flight", () => {
    const { buffer, released } = newBuffer();
    expect(buffer.offer(THREAD, "a", message("1"))).toBe(false);
    const close = buffer.open(THREAD);
    expect(buffer.offer("thread-2", "a", message("2"))).toBe(false);
    expect(buffer.claim("a")).toEqual([]);
    close();
    expect(buffer.offer(THREAD, "a", message("3"))).toBe(false);
    expect([released, buffer.openScopes]).toEqual([[], 0]);
  });

  it("hands out a key's messages in order, once, and releases the others at the close", () => {
    const { buffer, released } = newBuffer();
    const close = buffer.open(THREAD);
    for (const text of ["a1", "b1", "a2"]) {
      expect(buffer.offer(THREAD, text.slice(0, 1), message(text))).toBe(true);
    }
    expect([buffer.claim("a"), buffer.claim("a")]).toEqual([[message("a1"), message("a2")], []]);
    close();
    expect(released).toEqual([message("b1")]);
  });

  it("releases unclaimed messages only when the last start of their scope has settled", () => {
    const { buffer, released } = newBuffer();
    const [first, second, other] = [buffer.open(THREAD), buffer.open(THREAD), buffer.open("x")];
    buffer.offer(THREAD, "a", message("1"));
    first();
    first();
    expect(released).toEqual([]);
    second();
    expect(released).toEqual([message("1")]);
    other();
  });

  it("merges a flood of text once it is long, and only into the newest message of that key", () => {
    const { buffer } = newBuffer();
    buffer.open(THREAD);
    const texts = Array.from({ length: BACKLOG_MERGE_THRESHOLD }, (_, i) => `<${i}>`);
    for (const text of [...texts, "more", "and more"]) buffer.offer(THREAD, "a", message(text));
    buffer.offer(THREAD, "b", message("other"));
    buffer.offer(THREAD, "b", message("turn"));
    buffer.offer(THREAD, "a", message("apart"));
    const last = message(`${texts.at(-1)}moreand more`);
    expect(buffer.claim("a")).toEqual([...texts.slice(0, -1).map(message), last, message("apart")]);
    expect(buffer.claim("b")).toEqual([message("otherturn")]);
  });

  it("releases the oldest messages of a start without a response beyond the limit", () => {
    const { buffer, released } = newBuffer();
    buffer.open(THREAD);
    for (let n = 0; n <= NOTIFICATION_BACKLOG_LIMIT; n += 1) {
      buffer.offer(THREAD, "a", routed({ method: "item/started", params: { n } }));
    }
    expect(buffer.size).toBeLessThanOrEqual(NOTIFICATION_BACKLOG_LIMIT);
    expect(released[0]?.params).toEqual({ n: 0 });
    expect(released.length + buffer.size).toBe(NOTIFICATION_BACKLOG_LIMIT + 1);
  });

  it("forgets everything on clear", () => {
    const { buffer, released } = newBuffer();
    const close = buffer.open(THREAD);
    buffer.offer(THREAD, "a", message("1"));
    buffer.clear();
    close();
    expect([released, buffer.size, buffer.openScopes]).toEqual([[], 0, 0]);
  });
});
