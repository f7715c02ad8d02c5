import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { BACKLOG_MERGE_THRESHOLD, mergeTextDeltas } from "../../../src/router/backlog.js";
import { type TurnReader, TurnRoute } from "../../../src/router/turnRoute.js";
import type { NotificationMessage } from "../../../src/rpc/message.js";
import { routed } from "../../support/routedMessage.js";
import { delta, itemCompleted, turnCompleted } from "../../support/wire.js";

async function drain(reader: TurnReader): Promise<NotificationMessage[]> {
  const events: NotificationMessage[] = [];
  for await (const event of reader) events.push(event);
  return events;
}

function textOf(event: NotificationMessage): string {
  const { delta: text } = event.params as { delta?: string };
  return text ?? "";
}

describe("a backlog of notifications", () => {
  it("keeps every text and the order of all else, whatever comes", async () => {
    const event = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.tuple(fc.constantFrom("i1", "i2"), fc.string({ unit: "binary" })),
      },
      { weight: 1, arbitrary: fc.constant(undefined) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
        const route = new TurnRoute("thread-1", "turn-1");
        const reader = route.openReader();
        for (let i = 0; i < BACKLOG_MERGE_THRESHOLD; i += 1)
          route.deliver(routed(itemCompleted(i)));
        const tagged: string[] = [];
        for (const one of events) {
          if (one === undefined) route.deliver(routed(itemCompleted("mark")));
          else route.deliver(routed(delta(one[1], "turn-1", "thread-1", one[0])));
          const [itemId = "mark", text = ""] = one ?? [];
          if (tagged.at(-1)?.startsWith(`${itemId}:`) === true && itemId !== "mark") {
            tagged[tagged.length - 1] += text;
          } else tagged.push(`${itemId}:${text}`);
        }
        route.deliver(routed(turnCompleted()));

        const read = (await drain(reader)).slice(BACKLOG_MERGE_THRESHOLD, -1);
        expect(
          read.map((message) => {
            const { itemId = "mark" } = message.params as { itemId?: string };
            return `${itemId}:${textOf(message)}`;
          }),
        ).toEqual(tagged);
      }),
      { numRuns: 300 },
    );
  });

  it("holds a million unread deltas of one item in bounded pieces, without losing a character", async () => {
    const route = new TurnRoute("thread-1", "turn-1");
    const reader = route.openReader();
    let expected = 0;
    for (let i = 0; i < 1_000_000; i += 1) {
      const text = String(i % 10);
      expected += text.length;
      route.deliver(routed(delta(text)));
    }
    route.deliver(routed(turnCompleted()));

    const events = await drain(reader);

    expect(events).toHaveLength(BACKLOG_MERGE_THRESHOLD + 1);
    const text = events.map(textOf).join("");
    expect(text).toHaveLength(expected);
    expect(text.slice(0, 20) + text.slice(-10)).toBe("012345678901234567890123456789");
  });

  it("folds into a new message, the one before it left as it was", () => {
    const [first, second] = [routed(delta("a")), routed(delta("b"))];
    expect(mergeTextDeltas(first, second)).toEqual(routed(delta("ab")));
    expect(first).toEqual(routed(delta("a")));
  });

  it.each([
    ["another item", delta("b", "turn-1", "thread-1", "item-2")],
    ["another turn", delta("b", "turn-2")],
    ["another kind", { ...delta("b"), method: "item/plan/delta" }],
    [
      "a delta that is no text",
      { ...delta("b"), params: { ...(delta("b").params as object), delta: 1 } },
    ],
    ["a member more", { ...delta("b"), params: { ...(delta("b").params as object), more: 1 } }],
    ["no params", { method: "item/agentMessage/delta", params: undefined }],
  ])("does not fold %s", (_what, next) => {
    expect(mergeTextDeltas(routed(delta("a")), routed(next))).toBeUndefined();
  });

  it("does not fold deltas that do not continue a text", () => {
    const event = { method: "turn/diff/updated", params: { turnId: "turn-1", delta: "x" } };
    expect(mergeTextDeltas(routed(event), routed(event))).toBeUndefined();
  });

  it("lets a prototype's name be a member like any other", () => {
    const params = JSON.parse('{"itemId":"i","delta":"a","__proto__":"p"}');
    const merged = mergeTextDeltas(
      routed({ method: "item/agentMessage/delta", params }),
      routed({ method: "item/agentMessage/delta", params }),
    );
    expect(JSON.stringify(merged?.params)).toBe('{"itemId":"i","delta":"aa","__proto__":"p"}');
  });
});
