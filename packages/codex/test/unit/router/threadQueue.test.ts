import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ThreadQueue, type TurnSlot } from "../../../src/router/threadQueue.js";
import { globalTimers } from "../../support/hostTimers.js";
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
  const threads = new ThreadQueue(globalTimers);
  const slot = threads.reserve(THREAD);
  slot?.assign("turn-1");
  threads.observe(routed(turnStarted()));
  return threads;
}

const turnOf = (threads: ThreadQueue) => threads.occupantOf(THREAD)?.turnId;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("ThreadQueue", () => {
  it("gives each thread's slot to one start at a time", () => {
    const threads = new ThreadQueue(globalTimers);
    const slot = threads.reserve(THREAD);
    expect(slot).toBeDefined();
    expect([threads.reserve(THREAD), turnOf(threads)]).toEqual([undefined, null]);
    expect(threads.reserve("thread-2")).toBeDefined();
    slot?.release();
    expect(threads.reserve(THREAD)).toBeDefined();
  });

  it("keeps the slot until the completion of that very turn", () => {
    const threads = running();
    threads.observe(routed(turnCompleted("another")));
    expect(turnOf(threads)).toBe("turn-1");
    threads.observe(routed(turnCompleted()));
    expect(threads.occupantOf(THREAD)).toBeUndefined();
  });

  it("does not free the slot of a later start by a late release", () => {
    const threads = new ThreadQueue(globalTimers);
    const first = threads.reserve(THREAD);
    first?.assign("turn-1");
    threads.observe(routed(turnCompleted()));
    threads.reserve(THREAD)?.assign("turn-2");
    first?.release();
    expect(turnOf(threads)).toBe("turn-2");
  });

  it("notices turns that others start", () => {
    const threads = new ThreadQueue(globalTimers);
    threads.observe(routed(turnStarted("foreign")));
    expect([turnOf(threads), threads.reserve(THREAD)]).toEqual(["foreign", undefined]);
    threads.noteActive(THREAD, "other");
    expect(turnOf(threads)).toBe("foreign");
    threads.noteEnded(THREAD, "foreign");
    expect(threads.occupantOf(THREAD)).toBeUndefined();
  });

  it.each(["thread/closed", "thread/archived", "thread/deleted"])(
    "frees the slot at %s",
    (method) => {
      const threads = running();
      threads.observe(routed({ method, params: { threadId: THREAD } }));
      expect(threads.occupantOf(THREAD)).toBeUndefined();
    },
  );

  it("frees the slot of a turn whose completion is lost, once its thread has been at rest", () => {
    for (const type of ["idle", "systemError", "notLoaded"]) {
      const threads = running();
      threads.observe(status(type));
      vi.advanceTimersByTime(999);
      expect(turnOf(threads)).toBe("turn-1");
      vi.advanceTimersByTime(1);
      expect(threads.occupantOf(THREAD)).toBeUndefined();
    }
  });

  it("frees that slot though the thread has other news meanwhile, and none of a status", () => {
    const threads = running();
    threads.observe(status("idle"));
    threads.observe(routed(delta("late")));
    vi.advanceTimersByTime(1000);
    expect(threads.occupantOf(THREAD)).toBeUndefined();
  });

  it("frees the slot of a turn that was found running, too", () => {
    const threads = new ThreadQueue(globalTimers);
    threads.noteActive(THREAD, "foreign");
    threads.observe(status("idle"));
    vi.advanceTimersByTime(1000);
    expect(threads.occupantOf(THREAD)).toBeUndefined();
  });

  it("takes a rest, or a start without an id, of a free thread for nothing", () => {
    const threads = new ThreadQueue(globalTimers);
    threads.observe(status("idle"));
    threads.observe(routed({ method: "turn/started", params: { threadId: THREAD } }));
    expect([threads.occupantOf(THREAD), vi.getTimerCount()]).toEqual([undefined, 0]);
  });

  it("keeps the slot of an unanswered start when another turn ends on its thread", () => {
    const threads = new ThreadQueue(globalTimers);
    threads.reserve(THREAD);
    threads.observe(routed(turnCompleted("foreign")));
    expect(turnOf(threads)).toBeNull();
  });

  it("frees the slot of an unanswered start when its thread ends", () => {
    const threads = new ThreadQueue(globalTimers);
    threads.reserve(THREAD);
    threads.observe(routed({ method: "thread/archived", params: { threadId: THREAD } }));
    expect(threads.occupantOf(THREAD)).toBeUndefined();
  });

  it("keeps the slot of a turn that continues after a rest", () => {
    const threads = running();
    threads.observe(status("idle"));
    threads.observe(status("active"));
    vi.advanceTimersByTime(5000);
    expect([turnOf(threads), vi.getTimerCount()]).toEqual(["turn-1", 0]);
  });

  it("does not take a status from before the start for its end", () => {
    const threads = new ThreadQueue(globalTimers);
    threads.reserve(THREAD)?.assign("turn-1");
    threads.observe(status("idle"));
    vi.advanceTimersByTime(5000);
    expect(turnOf(threads)).toBe("turn-1");
  });

  it("gives the slot to waiters in order, passing over one that has left", async () => {
    const threads = running();
    const order: string[] = [];
    const wait = async (name: string, signal?: AbortSignal) => {
      const slot = await threads.acquire(THREAD, { isQueued: true, signal });
      order.push(name);
      slot.release();
    };
    const abort = new AbortController();
    const [first, left, third] = [wait("first"), wait("left", abort.signal), wait("third")];
    abort.abort("left");
    expect(await rejectionOf(left)).toBe("left");
    threads.observe(routed(turnCompleted()));
    await Promise.all([first, third]);
    expect([order, threads.occupantOf(THREAD)]).toEqual([["first", "third"], undefined]);
  });

  it("is free at once when the only waiter has left", async () => {
    const threads = running();
    const signal = AbortSignal.abort("left");
    await rejectionOf(threads.acquire(THREAD, { isQueued: true, signal }));
    threads.observe(routed(turnCompleted()));
    expect(threads.occupantOf(THREAD)).toBeUndefined();
    expect(threads.inspect()).toEqual({ occupiedThreads: 0, threadsWaitedFor: 0 });
  });

  it("passes on a slot that came to a waiter which leaves in the same tick", async () => {
    const threads = running();
    const abort = new AbortController();
    const gone = threads.acquire(THREAD, { isQueued: true, signal: abort.signal });
    const next: Promise<TurnSlot> = threads.acquire(THREAD, { isQueued: true });
    threads.observe(routed(turnCompleted()));
    abort.abort("left");
    expect(await rejectionOf(gone)).toBe("left");
    await expect(next).resolves.toBeDefined();
  });

  it("lets a start wait for the end of a turn that this client is stopping", async () => {
    const threads = running();
    await expect(threads.acquire(THREAD)).rejects.toMatchObject({ code: "THREAD_BUSY" });
    threads.noteStopping(THREAD, "turn-1");
    const slot = threads.acquire(THREAD);
    threads.observe(routed(turnCompleted()));
    expect(await slot).toMatchObject({ threadId: THREAD });
  });

  it("refuses a start when the turn that is being stopped does not end in time", async () => {
    const threads = running();
    threads.noteStopping(THREAD, "turn-1");
    const refused = rejectionOf(threads.acquire(THREAD));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await refused).toMatchObject({ code: "THREAD_BUSY", activeTurnId: "turn-1" });
    expect(threads.inspect()).toMatchObject({ threadsWaitedFor: 0 });
  });

  it("is busy without a name when the status is active, and named by the turn's start", () => {
    const threads = new ThreadQueue(globalTimers);
    threads.observe(status("active"));
    expect([turnOf(threads), threads.reserve(THREAD)]).toEqual([null, undefined]);
    threads.observe(routed(turnStarted("foreign")));
    expect(threads.occupantOf(THREAD)).toMatchObject({ turnId: "foreign", isOwn: false });
    threads.observe(routed(turnCompleted("foreign")));
    expect(threads.occupantOf(THREAD)).toBeUndefined();
  });

  it("returns the active turn once it has its id, or that there is none", async () => {
    const threads = new ThreadQueue(globalTimers);
    expect(await threads.activeTurnId(THREAD)).toBeUndefined();
    const slot = threads.reserve(THREAD);
    const waiting = threads.activeTurnId(THREAD);
    slot?.assign("turn-1");
    expect(await waiting).toBe("turn-1");

    const other = threads.reserve("thread-2");
    const freed = threads.activeTurnId("thread-2");
    other?.release();
    expect(await freed).toBeUndefined();
  });

  it("rejects all waiters at the end, each with an error of its own", async () => {
    const threads = running();
    const waiting = [1, 2].map(() => rejectionOf(threads.acquire(THREAD, { isQueued: true })));
    threads.fail((threadId) => new Error(`gone: ${threadId}`));
    const errors = await Promise.all(waiting);
    expect(errors).toEqual([new Error("gone: thread-1"), new Error("gone: thread-1")]);
    expect(errors[0]).not.toBe(errors[1]);
    expect([threads.occupantOf(THREAD), vi.getTimerCount()]).toEqual([undefined, 0]);
  });

  it("leaves nothing to wait for at the end: no rest that is timed, and no turn without its id", async () => {
    const threads = running();
    threads.observe(status("idle"));
    threads.reserve("thread-2");
    const unnamed = threads.activeTurnId("thread-2");
    threads.fail(() => new Error("gone"));
    expect([await unnamed, vi.getTimerCount()]).toEqual([undefined, 0]);
  });
});
