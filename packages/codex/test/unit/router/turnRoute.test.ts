import { describe, expect, it, vi } from "vitest";

import { TransportClosedError, TurnAlreadyConsumedError } from "../../../src/errors.js";
import { BACKLOG_MERGE_THRESHOLD } from "../../../src/router/backlog.js";
import { TurnRoute } from "../../../src/router/turnRoute.js";
import { rejectionOf } from "../../support/rejection.js";
import { routed } from "../../support/routedMessage.js";
import { delta, turn, turnCompleted, turnStarted } from "../../support/wire.js";

const newRoute = () => new TurnRoute("thread-1", "turn-1");

describe("TurnRoute", () => {
  it("replays to its one consumer all that came before, and ends after turn/completed", async () => {
    const route = newRoute();
    for (const message of [turnStarted(), delta("a"), turnCompleted(), delta("late")]) {
      route.deliver(routed(message));
    }
    const events: unknown[] = [];
    for await (const event of route.consume()) events.push(event);
    expect(events).toEqual([turnStarted(), delta("a"), turnCompleted()].map(routed));
    expect(route.isOver).toBe(true);
  });

  it("folds the text that nobody reads, once there is much of it", () => {
    const route = newRoute();
    for (let i = 0; i < BACKLOG_MERGE_THRESHOLD + 5; i += 1) route.deliver(routed(delta("text")));
    expect(route.consume().size).toBe(BACKLOG_MERGE_THRESHOLD);
  });

  it("has one consumer, even after that one has left", () => {
    const route = newRoute();
    void route.consume().return();
    expect(route.isConsumed).toBe(true);
    expect(() => route.consume()).toThrow(TurnAlreadyConsumedError);
  });

  it("keeps nothing that is discarded, but still knows the end", async () => {
    const route = newRoute();
    const over = vi.fn<() => void>();
    route.deliver(routed(delta("a")));
    route.discard();
    route.onOver(over);
    route.deliver(routed(turnCompleted()));
    await route.over;
    expect([route.isOver, over.mock.calls.length]).toEqual([true, 1]);
    expect(() => route.consume()).toThrow(TurnAlreadyConsumedError);
  });

  it("gives the reason of an abort in place of what was not read", async () => {
    const route = newRoute();
    route.deliver(routed(delta("a")));
    route.abort("stop");
    expect(await rejectionOf(route.consume().next())).toBe("stop");
    expect(route.isOver).toBe(false);
  });

  it("gives what came before a failure, then the failure", async () => {
    const route = newRoute();
    const reason = new TransportClosedError("gone");
    route.deliver(routed(delta("a")));
    route.fail(reason);
    const events = route.consume();
    expect(await events.next()).toEqual({ value: routed(delta("a")), done: false });
    expect(await rejectionOf(events.next())).toBe(reason);
  });

  it("ends without a turn/completed when it is cut off", async () => {
    const route = newRoute();
    const over = vi.fn<() => void>();
    void route.over.then(over);
    await Promise.resolve();
    expect(over).not.toHaveBeenCalled();
    route.cutOff();
    await route.over;
    expect(await route.consume().next()).toEqual({ value: undefined, done: true });
  });

  it.each([
    ["turn/started", (route: TurnRoute) => route.deliver(routed(turnStarted()))],
    ["its end", (route: TurnRoute) => route.deliver(routed(turnCompleted()))],
    ["being found running", (route: TurnRoute) => route.markInterruptible()],
  ])("takes an interrupt from %s on", async (_what, act) => {
    const route = newRoute();
    const seen = vi.fn<() => void>();
    void route.interruptible.then(seen);
    await Promise.resolve();
    expect(seen).not.toHaveBeenCalled();
    act(route);
    await route.interruptible;
    expect(seen).toHaveBeenCalledTimes(1);
  });

  it("is interrupted under the id of its turn/started, which a review's differs in", () => {
    const route = newRoute();
    expect(route.interruptId).toBe("turn-1");
    route.deliver(
      routed({
        method: "turn/started",
        params: { threadId: "thread-1", turn: turn("other", "inProgress") },
      }),
    );
    expect(route.interruptId).toBe("other");
  });

  it("tells listeners of its end once, at once when it has come, and not those who stopped", () => {
    const route = newRoute();
    const [stays, leaves, late] = [vi.fn<() => void>(), vi.fn<() => void>(), vi.fn<() => void>()];
    route.onOver(stays);
    route.onOver(leaves)();
    route.cutOff();
    route.cutOff();
    route.onOver(late);
    expect([stays, leaves, late].map((fn) => fn.mock.calls.length)).toEqual([1, 0, 1]);
  });
});
