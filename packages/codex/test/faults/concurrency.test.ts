import { describe, expect, it } from "vitest";

import { startHarness, streamedMessage } from "../support/testingKit.js";
import { deltasOf, readAll, turnIdsOf } from "../support/turnEvents.js";

const THREADS = 64;

describe("64 threads on one real runtime", () => {
  it("each run a turn at the same time, and each handle has its own events and text alone", async () => {
    await using harness = await startHarness();
    const { codex, model } = harness;
    // No response ends before all have begun: the turns are at work at once.
    const gates = Array.from({ length: THREADS }, () => model.gate());
    model.respond((request) => {
      const number = Number(/^turn (\d+)$/.exec(request.lastUserText() ?? "")?.[1]);
      const gate = gates[number];
      return gate && [streamedMessage([`${number}:`, "a", gate, "b", `:${number}`])];
    });
    const threads = await Promise.all(
      Array.from({ length: THREADS }, () => codex.startThread({ ephemeral: true })),
    );
    const handles = await Promise.all(threads.map((thread, i) => thread.turn(`turn ${i}`)));
    const streams = handles.map((handle) => readAll(handle.stream()));

    await model.waitForRequests(THREADS);
    for (const gate of gates.toReversed()) gate.open();
    const events = await Promise.all(streams);

    const seen = events.map((own, i) => ({
      text: deltasOf(own).join(""),
      turnIds: turnIdsOf(own),
      threadIds: threadIdsOf(own),
      last: own.at(-1)?.method,
      strangers: own.filter((event) =>
        handles.some(({ id }, other) => other !== i && JSON.stringify(event).includes(id)),
      ),
    }));
    expect(seen).toEqual(
      handles.map(({ id, threadId }, i) => ({
        text: `${i}:ab:${i}`,
        turnIds: [id],
        threadIds: [threadId],
        last: "turn/completed",
        strangers: [],
      })),
    );
    expect(new Set(handles.map(({ id }) => id)).size).toBe(THREADS);
    expect(model.unscripted).toEqual([]);
  });
});

function threadIdsOf(events: readonly { readonly params?: unknown }[]): unknown[] {
  return [...new Set(events.map(({ params }) => Object(params).threadId))];
}
