import { describe, expect, it, vi } from "vitest";

import { TransportClosedError } from "../../../src/errors.js";
import { BACKLOG_MERGE_THRESHOLD } from "../../../src/router/backlog.js";
import { type TurnEnd, type TurnReader, TurnRoute } from "../../../src/router/turnRoute.js";
import { rejectionOf } from "../../support/rejection.js";
import { routed } from "../../support/routedMessage.js";
import {
  agentMessage,
  delta,
  itemCompleted,
  notification,
  turn,
  turnCompleted,
  turnStarted,
} from "../../support/wire.js";

const newRoute = (onEndSign?: (route: TurnRoute) => void) =>
  new TurnRoute("thread-1", "turn-1", onEndSign);

async function eventsOf(reader: TurnReader): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const event of reader) events.push(event);
  return events;
}

describe("TurnRoute", () => {
  it("gives each of several readers every event, and ends them after turn/completed", async () => {
    const route = newRoute();
    const readers = [route.openReader(), route.openReader()];
    const messages = [turnStarted(), delta("a"), turnCompleted()].map(routed);
    for (const message of [...messages, routed(delta("late"))]) route.deliver(message);
    expect(await Promise.all(readers.map(eventsOf))).toEqual([messages, messages]);
    expect(route.end).toMatchObject({ kind: "completed", turn: { id: "turn-1" } });
  });

  it("gives a joined reader the completed items so far, then the live events", async () => {
    const route = newRoute();
    const item = routed(itemCompleted(agentMessage("a")));
    for (const message of [routed(turnStarted()), routed(delta("a")), item]) route.deliver(message);
    const joined = route.openJoinedReader();
    route.deliver(routed(delta("b")));
    route.deliver(routed(turnCompleted()));
    expect(await eventsOf(joined)).toEqual([item, routed(delta("b")), routed(turnCompleted())]);
  });

  it("merges the text that is not read, once there is much of it", () => {
    const route = newRoute();
    const reader = route.openReader();
    for (let i = 0; i < BACKLOG_MERGE_THRESHOLD + 5; i += 1) route.deliver(routed(delta("text")));
    expect(reader.size).toBe(BACKLOG_MERGE_THRESHOLD);
  });

  it("keeps nothing for a reader that has left, and folds on", async () => {
    const route = newRoute();
    const reader = route.openReader();
    await reader.return();
    route.deliver(routed(itemCompleted(agentMessage("a"))));
    expect([reader.size, route.fold.items.length]).toEqual([0, 1]);
  });

  it("ends a reader that is opened after the end at once", async () => {
    const route = newRoute();
    route.deliver(routed(turnCompleted()));
    expect(await eventsOf(route.openReader())).toEqual([]);
  });

  it("gives a reader the events before a failure, then the failure", async () => {
    const route = newRoute();
    const reader = route.openReader();
    const error = new TransportClosedError("gone");
    route.deliver(routed(delta("a")));
    route.fail(error);
    expect(await reader.next()).toEqual({ value: routed(delta("a")), done: false });
    expect(await rejectionOf(reader.next())).toBe(error);
    expect(await rejectionOf(route.openReader().next())).toBe(error);
  });

  it.each([
    ["without a turn", { turnId: "turn-1" }],
    ["with a turn that is null", { turnId: "turn-1", turn: null }],
    ["with a turn without a status", { turnId: "turn-1", turn: { id: "turn-1" } }],
  ])("takes turn/completed %s as a sign of the end, not as an end", (_case, params) => {
    const onEndSign = vi.fn<(route: TurnRoute) => void>();
    const route = newRoute(onEndSign);
    const reader = route.openReader();
    route.deliver(notification("turn/completed", { threadId: "thread-1", ...params }));
    expect([route.end, reader.size, onEndSign.mock.calls.length]).toEqual([undefined, 0, 1]);
  });

  it("gives readers a turn/completed of an unknown status, and is cut off by it", async () => {
    const route = newRoute();
    const reader = route.openReader();
    const message = notification("turn/completed", { turn: { id: "turn-1", status: "paused2" } });
    route.deliver(message);
    expect(await eventsOf(reader)).toEqual([message]);
    expect(route.end).toEqual({ kind: "cutOff", reason: 'it has the unknown status "paused2"' });
  });

  it.each([
    [true, 0],
    [false, 1],
  ])("reports a sign of the end for an error with willRetry %s: %i times", (willRetry, times) => {
    const onEndSign = vi.fn<(route: TurnRoute) => void>();
    const error = { message: "no", codexErrorInfo: null, additionalDetails: null };
    newRoute(onEndSign).deliver(notification("error", { turnId: "turn-1", willRetry, error }));
    expect(onEndSign).toHaveBeenCalledTimes(times);
  });

  it("restores the items and the end that the thread has stored", async () => {
    const route = newRoute();
    const reader = route.openReader();
    const stored = { ...turn("turn-1", "completed"), items: [agentMessage("stored")] };
    // SAFETY: the members that the route reads are those of a stored turn.
    route.restore(stored as unknown as Parameters<TurnRoute["restore"]>[0]);
    expect(route.fold.items).toEqual([agentMessage("stored")]);
    expect(await eventsOf(reader)).toMatchObject([{ method: "turn/completed" }]);
  });

  it.each([
    ["turn/started", (route: TurnRoute) => route.deliver(routed(turnStarted()))],
    ["its end", (route: TurnRoute) => route.deliver(routed(turnCompleted()))],
    ["being found running", (route: TurnRoute) => route.markInterruptible()],
  ])("can be interrupted from %s on", async (_what, act) => {
    const route = newRoute();
    const seen = vi.fn<() => void>();
    void route.interruptible.then(seen);
    await Promise.resolve();
    expect(seen).not.toHaveBeenCalled();
    act(route);
    await route.interruptible;
    expect(seen).toHaveBeenCalledTimes(1);
  });

  it("is interrupted under the id of its turn/started, which differs for a review", () => {
    const route = newRoute();
    expect(route.interruptId).toBe("turn-1");
    const params = { threadId: "thread-1", turn: turn("other", "inProgress") };
    route.deliver(routed({ method: "turn/started", params }));
    expect(route.interruptId).toBe("other");
  });

  it("calls listeners of its end once, at once when it has come, and not those that were removed", () => {
    const route = newRoute();
    const listener = () => vi.fn<(end: TurnEnd) => void>();
    const [stays, leaves, late] = [listener(), listener(), listener()];
    route.onEnd(stays);
    route.onEnd(leaves)();
    route.cutOff("its thread is gone");
    route.cutOff("again");
    route.onEnd(late);
    expect([stays, leaves, late].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1]);
    expect(late).toHaveBeenCalledWith({ kind: "cutOff", reason: "its thread is gone" });
  });
});
