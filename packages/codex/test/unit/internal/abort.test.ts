import { getEventListeners } from "node:events";

import { describe, expect, it, vi } from "vitest";

import { onAbort, raceAbort } from "../../../src/internal/abort.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import { rejectionOf } from "../../support/rejection.js";

function listenersOf(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}

describe("onAbort", () => {
  it("calls at once for a signal that has aborted, and leaves no listener", () => {
    const listener = vi.fn<(reason: unknown) => void>();
    const signal = AbortSignal.abort("before");
    onAbort(signal, listener)();
    expect([listener.mock.calls, listenersOf(signal)]).toEqual([[["before"]], 0]);
  });

  it("calls once with the reason, and never after it was stopped", () => {
    const [heard, stopped] = [vi.fn<(reason: unknown) => void>(), vi.fn<() => void>()];
    const controller = new AbortController();
    onAbort(controller.signal, heard);
    onAbort(controller.signal, stopped)();
    controller.abort("now");
    controller.abort("again");
    expect([heard.mock.calls, stopped.mock.calls]).toEqual([[["now"]], []]);
  });

  it("treats a missing signal as one that never aborts", () => {
    expect(() => onAbort(undefined, () => {})()).not.toThrow();
  });
});

describe("raceAbort", () => {
  it("settles as the promise does, and leaves no listener", async () => {
    const { signal } = new AbortController();
    const error = new Error("no");
    expect(await raceAbort(Promise.resolve(1), signal)).toBe(1);
    expect(await rejectionOf(raceAbort(Promise.reject(error), signal))).toBe(error);
    expect(await raceAbort(Promise.resolve(2), undefined)).toBe(2);
    expect(listenersOf(signal)).toBe(0);
  });

  it("rejects with the signal's own reason, and swallows what the promise does later", async () => {
    const controller = new AbortController();
    const { promise, reject } = createDeferred<void>();
    const raced = raceAbort(promise, controller.signal);
    const reason = { any: "value" };
    controller.abort(reason);
    reject(new Error("late"));
    expect(await rejectionOf(raced)).toBe(reason);
  });
});

it("adds one listener to a signal that many wait on, and takes it away with the last of them", () => {
  const controller = new AbortController();
  const heard: number[] = [];
  const stops = Array.from({ length: 50 }, (_, index) =>
    onAbort(controller.signal, () => heard.push(index)),
  );
  expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
  stops.slice(1).forEach((stop) => stop());
  expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
  controller.abort();
  expect(heard).toEqual([0]);
  expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
});
