import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ThreadActivity } from "../../../src/router/threadActivity.js";
import { routed } from "../../support/routedMessage.js";
import { notification, turnCompleted, turnStarted } from "../../support/wire.js";

const THREAD = "thread-1";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A thread that a goal holds, whose turn of this id runs. */
function heldByGoal(turnId = "turn-1") {
  const activity = new ThreadActivity();
  const place = activity.reserveForGoal(THREAD);
  place?.assign(turnId);
  activity.observe(routed(turnStarted(turnId)));
  return { activity, place };
}

/** What the thread is busy with, in what is told to others. */
function occupantOf(activity: ThreadActivity) {
  const occupant = activity.occupantOf(THREAD);
  return occupant && { turnId: occupant.turnId, isGoal: occupant.isGoal };
}

describe("a thread's place in the hands of a goal", () => {
  it("is given to one alone, of turns and goals", () => {
    const activity = new ThreadActivity();
    const place = activity.reserveForGoal(THREAD);
    expect([occupantOf(activity), activity.reserve(THREAD)]).toEqual([
      { turnId: null, isGoal: true },
      undefined,
    ]);
    expect(activity.reserveForGoal(THREAD)).toBeUndefined();
    place?.release();
    activity.reserve(THREAD);
    expect([occupantOf(activity), activity.reserveForGoal(THREAD)]).toEqual([
      { turnId: null, isGoal: false },
      undefined,
    ]);
  });

  it.each([
    ["the end of its turn", turnCompleted()],
    ["the end of its thread", notification("thread/closed", { threadId: THREAD })],
  ])("outlives %s", (_what, message) => {
    const { activity, place } = heldByGoal();
    activity.observe(routed(message));
    expect(occupantOf(activity)).toEqual({ turnId: "turn-1", isGoal: true });
    place?.assign("turn-2");
    expect(occupantOf(activity)).toEqual({ turnId: "turn-2", isGoal: true });
    place?.release();
    expect(occupantOf(activity)).toBeUndefined();
  });

  it("goes to the turn that still runs when the goal needs it no more, until its end", () => {
    const { activity, place } = heldByGoal();
    place?.release("turn-2");
    expect(occupantOf(activity)).toEqual({ turnId: "turn-2", isGoal: false });
    activity.observe(routed(turnCompleted("turn-1")));
    expect(occupantOf(activity)).toEqual({ turnId: "turn-2", isGoal: false });
    activity.observe(routed(turnCompleted("turn-2")));
    expect(occupantOf(activity)).toBeUndefined();
  });

  it("is not taken from the turn that still runs by a rest that was the goal's", () => {
    const { activity, place } = heldByGoal();
    const status = { type: "idle" };
    activity.observe(routed(notification("thread/status/changed", { threadId: THREAD, status })));
    place?.release("turn-2");
    vi.advanceTimersByTime(5000);
    expect(occupantOf(activity)).toEqual({ turnId: "turn-2", isGoal: false });
  });

  it.each([undefined, "turn-1"])(
    "is not taken from a later owner by a late release (running: %s)",
    (runningTurnId) => {
      const { activity, place } = heldByGoal();
      place?.release();
      activity.reserve(THREAD)?.assign("turn-9");
      place?.release(runningTurnId);
      expect(occupantOf(activity)).toEqual({ turnId: "turn-9", isGoal: false });
    },
  );

  it("tells its turn at once when it was found running", async () => {
    const { activity, place } = heldByGoal();
    place?.release("turn-2");
    expect(await activity.activeTurnId(THREAD)).toBe("turn-2");
  });
});

describe("the error for whoever may not use a thread", () => {
  it("says what the thread is busy with", () => {
    const { activity } = heldByGoal();
    const unnamed = new ThreadActivity();
    unnamed.reserve(THREAD);
    const facts = [activity, unnamed, new ThreadActivity()].map((one) => {
      const { code, threadId, activeTurnId, message } = one.busyError(THREAD);
      return { code, threadId, activeTurnId, namesGoal: message.includes("goal") };
    });
    expect(facts).toEqual([
      { code: "THREAD_BUSY", threadId: THREAD, activeTurnId: "turn-1", namesGoal: true },
      { code: "THREAD_BUSY", threadId: THREAD, activeTurnId: null, namesGoal: false },
      { code: "THREAD_BUSY", threadId: THREAD, activeTurnId: null, namesGoal: false },
    ]);
  });
});
