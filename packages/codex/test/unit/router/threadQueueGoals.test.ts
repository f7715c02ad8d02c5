import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ThreadQueue } from "../../../src/router/threadQueue.js";
import { globalTimers } from "../../support/hostTimers.js";
import { routed } from "../../support/routedMessage.js";
import { notification, turnCompleted, turnStarted } from "../../support/wire.js";

const THREAD = "thread-1";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A thread that a goal holds, whose turn of this id runs. */
function heldByGoal(turnId = "turn-1") {
  const threads = new ThreadQueue(globalTimers);
  const slot = threads.reserve(THREAD, true);
  slot?.assign(turnId);
  threads.observe(routed(turnStarted(turnId)));
  return { threads, slot };
}

/** Returns the busy turn of the thread, as others see it. */
function occupantOf(threads: ThreadQueue) {
  const occupant = threads.occupantOf(THREAD);
  return occupant && { turnId: occupant.turnId, isGoal: occupant.isGoal };
}

describe("a thread's slot in the hands of a goal", () => {
  it("is given to one alone, of turns and goals", () => {
    const threads = new ThreadQueue(globalTimers);
    const slot = threads.reserve(THREAD, true);
    expect([occupantOf(threads), threads.reserve(THREAD)]).toEqual([
      { turnId: null, isGoal: true },
      undefined,
    ]);
    expect(threads.reserve(THREAD, true)).toBeUndefined();
    slot?.release();
    threads.reserve(THREAD);
    expect([occupantOf(threads), threads.reserve(THREAD, true)]).toEqual([
      { turnId: null, isGoal: false },
      undefined,
    ]);
  });

  it.each([
    ["the end of its turn", turnCompleted()],
    ["the end of its thread", notification("thread/closed", { threadId: THREAD })],
  ])("outlives %s", (_what, message) => {
    const { threads, slot } = heldByGoal();
    threads.observe(routed(message));
    expect(occupantOf(threads)).toEqual({ turnId: "turn-1", isGoal: true });
    slot?.assign("turn-2");
    expect(occupantOf(threads)).toEqual({ turnId: "turn-2", isGoal: true });
    slot?.release();
    expect(occupantOf(threads)).toBeUndefined();
  });

  it("goes to the turn that still runs when the goal needs it no more, until its end", () => {
    const { threads, slot } = heldByGoal();
    slot?.release("turn-2");
    expect(occupantOf(threads)).toEqual({ turnId: "turn-2", isGoal: false });
    threads.observe(routed(turnCompleted("turn-1")));
    expect(occupantOf(threads)).toEqual({ turnId: "turn-2", isGoal: false });
    threads.observe(routed(turnCompleted("turn-2")));
    expect(occupantOf(threads)).toBeUndefined();
  });

  it("is not taken from the turn that still runs by a rest that was the goal's", () => {
    const { threads, slot } = heldByGoal();
    const status = { type: "idle" };
    threads.observe(routed(notification("thread/status/changed", { threadId: THREAD, status })));
    slot?.release("turn-2");
    vi.advanceTimersByTime(5000);
    expect(occupantOf(threads)).toEqual({ turnId: "turn-2", isGoal: false });
  });

  it.each([undefined, "turn-1"])(
    "is not taken from a later owner by a late release (running: %s)",
    (runningTurnId) => {
      const { threads, slot } = heldByGoal();
      slot?.release();
      threads.reserve(THREAD)?.assign("turn-9");
      slot?.release(runningTurnId);
      expect(occupantOf(threads)).toEqual({ turnId: "turn-9", isGoal: false });
    },
  );

  it("returns its turn at once when it was found running", async () => {
    const { threads, slot } = heldByGoal();
    slot?.release("turn-2");
    expect(await threads.activeTurnId(THREAD)).toBe("turn-2");
  });
});

describe("the error for whoever may not use a thread", () => {
  it("reports what the thread is busy with", () => {
    const { threads } = heldByGoal();
    const unnamed = new ThreadQueue(globalTimers);
    unnamed.reserve(THREAD);
    const facts = [threads, unnamed, new ThreadQueue(globalTimers)].map((one) => {
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
