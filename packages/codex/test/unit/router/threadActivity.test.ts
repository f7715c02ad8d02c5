import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ThreadActivity, type TurnReservation } from "../../../src/router/threadActivity.js";
import { rejectionOf } from "../../support/rejection.js";
import { routed } from "../../support/routedMessage.js";
import { delta, turnCompleted, turnStarted } from "../../support/wire.js";

const THREAD = "thread-1";

function status(type: string) {
  return routed({
    method: "thread/status/changed",
    params: { threadId: THREAD, status: { type } },
  });
}

/** A thread whose turn was started by us and is known to run. */
function running() {
  const activity = new ThreadActivity();
  const place = activity.reserve(THREAD);
  place?.assign("turn-1");
  activity.observe(routed(turnStarted()));
  return activity;
}

const turnOf = (activity: ThreadActivity) => activity.occupantOf(THREAD)?.turnId;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("ThreadActivity", () => {
  it("gives each thread's place to one start at a time", () => {
    const activity = new ThreadActivity();
    const place = activity.reserve(THREAD);
    expect(place).toBeDefined();
    expect([activity.reserve(THREAD), turnOf(activity)]).toEqual([undefined, null]);
    expect(activity.reserve("thread-2")).toBeDefined();
    place?.release();
    expect(activity.reserve(THREAD)).toBeDefined();
  });

  it("keeps the place until the completion of that very turn", () => {
    const activity = running();
    activity.observe(routed(turnCompleted("another")));
    expect(turnOf(activity)).toBe("turn-1");
    activity.observe(routed(turnCompleted()));
    expect(activity.occupantOf(THREAD)).toBeUndefined();
  });

  it("does not free the place of a later start by a late release", () => {
    const activity = new ThreadActivity();
    const first = activity.reserve(THREAD);
    first?.assign("turn-1");
    activity.observe(routed(turnCompleted()));
    activity.reserve(THREAD)?.assign("turn-2");
    first?.release();
    expect(turnOf(activity)).toBe("turn-2");
  });

  it("notices turns that others start", () => {
    const activity = new ThreadActivity();
    activity.observe(routed(turnStarted("foreign")));
    expect([turnOf(activity), activity.reserve(THREAD)]).toEqual(["foreign", undefined]);
    activity.noteRunning(THREAD, "other");
    expect(turnOf(activity)).toBe("foreign");
    activity.noteEnded(THREAD, "foreign");
    expect(activity.occupantOf(THREAD)).toBeUndefined();
  });

  it.each(["thread/closed", "thread/archived", "thread/deleted"])(
    "frees the place at %s",
    (method) => {
      const activity = running();
      activity.observe(routed({ method, params: { threadId: THREAD } }));
      expect(activity.occupantOf(THREAD)).toBeUndefined();
    },
  );

  it("P3: frees the place of a turn whose completion is lost, once its thread has been at rest", () => {
    for (const type of ["idle", "systemError", "notLoaded"]) {
      const activity = running();
      activity.observe(status(type));
      vi.advanceTimersByTime(999);
      expect(turnOf(activity)).toBe("turn-1");
      vi.advanceTimersByTime(1);
      expect(activity.occupantOf(THREAD)).toBeUndefined();
    }
  });

  it("P3: frees that place though the thread has other news meanwhile, and none of a status", () => {
    const activity = running();
    activity.observe(status("idle"));
    activity.observe(routed(delta("late")));
    vi.advanceTimersByTime(1000);
    expect(activity.occupantOf(THREAD)).toBeUndefined();
  });

  it("P3: frees the place of a turn that was found running, too", () => {
    const activity = new ThreadActivity();
    activity.noteRunning(THREAD, "foreign");
    activity.observe(status("idle"));
    vi.advanceTimersByTime(1000);
    expect(activity.occupantOf(THREAD)).toBeUndefined();
  });

  it("takes a rest, or a start without an id, of a free thread for nothing", () => {
    const activity = new ThreadActivity();
    activity.observe(status("idle"));
    activity.observe(routed({ method: "turn/started", params: { threadId: THREAD } }));
    expect([activity.occupantOf(THREAD), vi.getTimerCount()]).toEqual([undefined, 0]);
  });

  it("keeps the place of a start that is unanswered, whatever ends on its thread", () => {
    const activity = new ThreadActivity();
    activity.reserve(THREAD);
    activity.observe(routed({ method: "thread/archived", params: { threadId: THREAD } }));
    activity.observe(routed(turnCompleted("foreign")));
    expect(turnOf(activity)).toBeNull();
  });

  it("keeps the place of a turn that goes on after a rest", () => {
    const activity = running();
    activity.observe(status("idle"));
    activity.observe(status("active"));
    vi.advanceTimersByTime(5000);
    expect([turnOf(activity), vi.getTimerCount()]).toEqual(["turn-1", 0]);
  });

  it("takes no status from before the start for its end", () => {
    const activity = new ThreadActivity();
    activity.reserve(THREAD)?.assign("turn-1");
    activity.observe(status("idle"));
    vi.advanceTimersByTime(5000);
    expect(turnOf(activity)).toBe("turn-1");
  });

  it("hands the place to those who wait in order, passing over who has left", async () => {
    const activity = running();
    const order: string[] = [];
    const wait = (name: string) => {
      const { place, leave } = activity.enqueue(THREAD);
      void place.then((reservation) => {
        order.push(name);
        reservation.release();
      });
      return leave;
    };
    wait("first");
    const leave = wait("left");
    wait("third");
    leave();
    activity.observe(routed(turnCompleted()));
    await vi.advanceTimersByTimeAsync(0);
    expect([order, activity.occupantOf(THREAD)]).toEqual([["first", "third"], undefined]);
  });

  it("is free at once when the one who waited has left", () => {
    const activity = running();
    activity.enqueue(THREAD).leave();
    activity.observe(routed(turnCompleted()));
    expect(activity.occupantOf(THREAD)).toBeUndefined();
  });

  it("passes on a place that came to someone who has left in the same tick", async () => {
    const activity = running();
    const gone = activity.enqueue(THREAD);
    const next: Promise<TurnReservation> = activity.enqueue(THREAD).place;
    activity.observe(routed(turnCompleted()));
    gone.leave();
    await expect(next).resolves.toBeDefined();
  });

  it("tells the active turn once it has its id, or that there is none", async () => {
    const activity = new ThreadActivity();
    expect(await activity.activeTurnId(THREAD)).toBeUndefined();
    const place = activity.reserve(THREAD);
    const waiting = activity.activeTurnId(THREAD);
    place?.assign("turn-1");
    expect(await waiting).toBe("turn-1");

    const other = activity.reserve("thread-2");
    const freed = activity.activeTurnId("thread-2");
    other?.release();
    expect(await freed).toBeUndefined();
  });

  it("rejects all who wait at the end, each with an error of its own", async () => {
    const activity = running();
    const waiting = [activity.enqueue(THREAD), activity.enqueue(THREAD)].map(({ place }) =>
      rejectionOf(place),
    );
    activity.fail((threadId) => new Error(`gone: ${threadId}`));
    const errors = await Promise.all(waiting);
    expect(errors).toEqual([new Error("gone: thread-1"), new Error("gone: thread-1")]);
    expect(errors[0]).not.toBe(errors[1]);
    expect([activity.occupantOf(THREAD), vi.getTimerCount()]).toEqual([undefined, 0]);
  });

  it("leaves nothing to wait for at the end: no rest that is timed, and no turn without its id", async () => {
    const activity = running();
    activity.observe(status("idle"));
    activity.reserve("thread-2");
    const unnamed = activity.activeTurnId("thread-2");
    activity.fail(() => new Error("gone"));
    expect([await unnamed, vi.getTimerCount()]).toEqual([undefined, 0]);
  });
});
