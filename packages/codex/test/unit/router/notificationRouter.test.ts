import { describe, expect, it } from "vitest";

import { CodexClosedError, TransportClosedError } from "../../../src/errors.js";
import { NotificationRouter } from "../../../src/router/notificationRouter.js";
import type { TurnReader } from "../../../src/router/turnRoute.js";
import { rejectionOf } from "../../support/rejection.js";
import { routed } from "../../support/routedMessage.js";
import { beginTurn, startedTurn } from "../../support/startedTurn.js";
import {
  agentMessage,
  delta,
  itemCompleted,
  itemStarted,
  notification,
  turn,
  turnCompleted,
  turnStarted,
  usageUpdated,
} from "../../support/wire.js";

interface Wire {
  readonly method: string;
  readonly params: unknown;
}

function dispatch(router: NotificationRouter, ...messages: Wire[]): void {
  for (const message of messages) router.dispatch(routed(message));
}

/** All that a route or a subscription has got, up to its end or the end of the connection. */
async function eventsOf(queue: AsyncIterable<unknown>): Promise<unknown[]> {
  const events: unknown[] = [];
  try {
    for await (const event of queue) events.push(event);
  } catch (error) {
    if (!(error instanceof CodexClosedError)) throw error;
  }
  return events;
}

const closed = new CodexClosedError("test");

describe("the routing of turns", () => {
  it("brings a turn all that came before its start was answered, in order", async () => {
    const router = new NotificationRouter();
    const rest = router.subscribe();
    const messages = [
      turnStarted(),
      itemStarted(agentMessage("")),
      delta("a"),
      itemCompleted(agentMessage("a")),
      turnCompleted(),
    ];
    const { claim } = beginTurn(router);
    dispatch(router, ...messages);
    const { events } = claim("turn-1");

    expect(await eventsOf(events)).toEqual(messages.map(routed));
    router.fail(closed);
    expect(await eventsOf(rest)).toEqual([]);
  });

  it("brings a turn what follows the answer in the same tick", async () => {
    const router = new NotificationRouter();
    const { events } = startedTurn(router, "turn-1");
    dispatch(router, turnStarted(), turnCompleted());
    expect(await eventsOf(events)).toEqual([turnStarted(), turnCompleted()].map(routed));
  });

  it("keeps interleaved turns apart, and gives an unknown turn to the rest alone", async () => {
    const router = new NotificationRouter();
    const rest = router.subscribe();
    const turns = [
      ["a", "thread-1"],
      ["b", "thread-1"],
      ["c", "thread-2"],
    ] as const;
    const routes = turns.map(([id, threadId]) => startedTurn(router, id, threadId));
    const messagesOf = (id: string, threadId: string): Wire[] => [
      delta(`${id}1`, id, threadId),
      usageUpdated(id.charCodeAt(0), id, threadId),
      delta(`${id}2`, id, threadId),
      turnCompleted(id, threadId),
    ];
    const unknown = delta("?", "unknown");
    for (let i = 0; i < 4; i += 1) {
      for (const [id, threadId] of turns)
        dispatch(router, ...messagesOf(id, threadId).slice(i, i + 1));
      if (i === 1) dispatch(router, unknown);
    }

    const seen = await Promise.all(routes.map(({ events }) => eventsOf(events)));
    expect(seen).toEqual(turns.map(([id, threadId]) => messagesOf(id, threadId).map(routed)));
    router.fail(closed);
    expect(await eventsOf(rest)).toEqual([routed(unknown)]);
  });

  it("gives what comes late for a turn that has ended to the rest", async () => {
    const router = new NotificationRouter();
    const rest = router.subscribe();
    const first = startedTurn(router, "a");
    dispatch(router, turnCompleted("a"));
    const second = startedTurn(router, "b");
    dispatch(router, usageUpdated(5, "a"), turnCompleted("b"));
    router.fail(closed);
    expect(await eventsOf(first.events)).toEqual([routed(turnCompleted("a"))]);
    expect(await eventsOf(second.events)).toEqual([routed(turnCompleted("b"))]);
    expect(await eventsOf(rest)).toEqual([routed(usageUpdated(5, "a"))]);
  });

  it("routes a notification that nobody knows by its raw ids, and any other to the rest", async () => {
    const router = new NotificationRouter();
    const rest = router.subscribe();
    const { events } = startedTurn(router, "turn-1");
    const known = notification("future/turnThing", { turnId: "turn-1", x: 1 });
    const others = [
      notification("thread/queue/changed2", { threadId: "thread-1" }),
      notification("odd/params", "text"),
      notification("no/params", undefined),
    ];
    dispatch(router, known, ...others, turnCompleted());
    router.fail(closed);
    expect(await eventsOf(events)).toEqual([known, turnCompleted()].map(routed));
    expect(await eventsOf(rest)).toEqual(others.map(routed));
  });

  it("hands on what a failed start left, once no start on that thread is in flight", async () => {
    const router = new NotificationRouter();
    const rest = router.subscribe();
    const [failing, other] = [beginTurn(router).pending, beginTurn(router).pending];
    dispatch(router, delta("stray", "nobody"));
    failing.settle();
    expect(rest.size).toBe(0);
    other.settle();
    router.fail(closed);
    expect(await eventsOf(rest)).toEqual([routed(delta("stray", "nobody"))]);
  });

  it("hands on at once what belongs to a thread on which no start is in flight", () => {
    const router = new NotificationRouter();
    const rest = router.subscribe();
    beginTurn(router, "thread-1");
    dispatch(router, delta("stray", "nobody", "thread-2"));
    expect(rest.size).toBe(1);
  });

  it("has one route for a turn, however often it is asked for", () => {
    const router = new NotificationRouter();
    const { route } = startedTurn(router, "turn-1");
    expect(router.followTurn("thread-1", "turn-1")).toBe(route);
    expect(router.followRunningTurn("thread-1", "turn-1")).toBe(route);
  });

  it("brings a review its turn/started, whose id is another", async () => {
    const router = new NotificationRouter();
    const { route, events } = startedTurn(router, "review");
    const started = notification("turn/started", {
      threadId: "thread-1",
      turn: { ...turn("inner", "inProgress"), rootTurnId: "review" },
    });
    dispatch(router, started, turnCompleted("review"));
    expect(await eventsOf(events)).toEqual([started, turnCompleted("review")].map(routed));
    expect(route.interruptId).toBe("inner");
  });

  it("claims the next turn of a thread for the pending turn that expects it, and not another thread's", async () => {
    const router = new NotificationRouter();
    const { pending } = beginTurn(router);
    const readers: TurnReader[] = [];
    pending.onClaimed = (route) => readers.push(route.openReader());
    router.expectTurn(pending);
    dispatch(
      router,
      turnStarted("x", "thread-2"),
      turnStarted("y"),
      turnStarted("z"),
      turnCompleted("y"),
    );
    expect(await Promise.all(readers.map(eventsOf))).toEqual([
      [turnStarted("y"), turnCompleted("y")].map(routed),
    ]);
  });

  it.each(["thread/closed", "thread/deleted", "thread/archived"])(
    "fails a pending turn and frees its slot at %s",
    async (method) => {
      const router = new NotificationRouter();
      const { pending } = beginTurn(router);
      dispatch(router, notification(method, { threadId: "thread-1" }));
      expect(await rejectionOf(pending.failed)).toMatchObject({ code: "PROTOCOL" });
      expect(router.threads.occupantOf("thread-1")).toBeUndefined();
      expect(router.inspect()).toMatchObject({ pendingTurns: 0, earlyScopes: 0 });
    },
  );

  it.each(["thread/closed", "thread/deleted"])(
    "cuts a thread's turns off at %s",
    async (method) => {
      const router = new NotificationRouter();
      const { events, route } = startedTurn(router, "turn-1");
      const other = startedTurn(router, "turn-2", "thread-2");
      dispatch(router, notification(method, { threadId: "thread-1" }));
      expect([await eventsOf(events), route.end?.kind, other.route.end]).toEqual([
        [],
        "cutOff",
        undefined,
      ]);
    },
  );
});

describe("the owner of a thread", () => {
  it("receives all of the thread first, and what it leaves is passed on to the others", async () => {
    const router = new NotificationRouter();
    const rest = router.subscribe();
    const taken: string[] = [];
    const ownership = router.ownThread("thread-1", {
      take: ({ method }) => {
        taken.push(method);
        return method !== "thread/name/updated";
      },
      fail: () => {},
      activeTurnId: undefined,
      markRestored: () => {},
      hasCompleted: () => false,
    });
    const renamed = notification("thread/name/updated", { threadId: "thread-1" });
    dispatch(router, turnStarted("g1"), renamed, turnStarted("x", "thread-2"));
    ownership.release();
    dispatch(router, turnCompleted("g1"));
    router.fail(closed);
    expect(taken).toEqual(["turn/started", "thread/name/updated"]);
    expect(await eventsOf(rest)).toEqual(
      [renamed, turnStarted("x", "thread-2"), turnCompleted("g1")].map(routed),
    );
  });
});

describe("the end of the connection", () => {
  const death = new TransportClosedError("The Codex runtime ended (exit status 0).");

  it("fails every route, subscription and expectation, each with an error of its own", async () => {
    const router = new NotificationRouter();
    const { events } = startedTurn(router, "turn-1");
    const rest = router.subscribe();
    const expected = beginTurn(router, "thread-9").pending;
    dispatch(router, delta("half"));
    router.fail(death);

    expect(await events.next()).toEqual({ value: routed(delta("half")), done: false });
    const errors = [
      await rejectionOf(events.next()),
      await rejectionOf(rest.next()),
      await rejectionOf(expected.failed),
    ];
    expect(errors).toMatchObject(
      ["turn turn-1", "notifications()", "the next turn of thread thread-9"].map((what) => ({
        code: "TRANSPORT_CLOSED",
        message: `${what}: ${death.message}`,
        cause: death,
      })),
    );
    expect(new Set(errors).size).toBe(3);
  });

  it("fails at once what is asked for after it", async () => {
    const router = new NotificationRouter();
    router.fail(death);
    for (const promise of [
      router.followTurn("thread-1", "turn-1").openReader().next(),
      router.subscribe().next(),
      beginTurn(router, "thread-2").pending.failed,
    ]) {
      expect(await rejectionOf(promise)).toMatchObject({ code: "TRANSPORT_CLOSED", cause: death });
    }
  });
});
