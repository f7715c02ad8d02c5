import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { isRetryableError, retryOnOverload, runWithRetry } from "../../../src/api/retry.js";
import type { Thread } from "../../../src/api/thread.js";
import { TurnFailedError } from "../../../src/errors.js";
import { InvalidRequestError, ServerBusyError } from "../../../src/rpc/rpcErrors.js";
import { rejectionOf } from "../../support/rejection.js";
import { failedTurnOf, turnResultOf } from "../../support/turnResults.js";

const busy = () => new ServerBusyError({ method: "m", rpcCode: -32001, message: "busy" });

beforeEach(() => {
  vi.useFakeTimers();
  // The middle of the range: no jitter.
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => vi.useRealTimers());

/** A call that fails so often, and the times at which it was tried. */
function failing(times: number, error: () => unknown = busy) {
  const began = Date.now();
  const triedAt: number[] = [];
  const fn = () => {
    triedAt.push(Date.now() - began);
    if (triedAt.length <= times) throw error();
    return "done";
  };
  return { fn, triedAt };
}

describe("retryOnOverload", () => {
  it("repeats the call after pauses that double up to the longest", async () => {
    const { fn, triedAt } = failing(5);
    const result = retryOnOverload(fn, { maxAttempts: 6 });
    await vi.runAllTimersAsync();
    expect(await result).toBe("done");
    expect(triedAt).toEqual([0, 250, 750, 1750, 3750, 5750]);
  });

  it("throws the last error after three attempts", async () => {
    const errors: Error[] = [];
    const { fn, triedAt } = failing(9, () => {
      const error = busy();
      errors.push(error);
      return error;
    });
    const result = rejectionOf(retryOnOverload(fn));
    await vi.runAllTimersAsync();
    expect(await result).toBe(errors[2]);
    expect(triedAt).toHaveLength(3);
  });

  it("does not repeat a call that failed for another reason than overload", async () => {
    const error = new InvalidRequestError({ method: "m", rpcCode: -32600, message: "no" });
    const { fn, triedAt } = failing(9, () => error);
    expect(await rejectionOf(retryOnOverload(fn))).toBe(error);
    expect([triedAt, vi.getTimerCount()]).toEqual([[0], 0]);
  });

  it.each([
    [0, [0, 80, 240]],
    [1, [0, 120, 360]],
  ])("deviates from a pause by the jitter at most (random %d)", async (random, expected) => {
    vi.mocked(Math.random).mockReturnValue(random);
    const { fn, triedAt } = failing(2);
    void retryOnOverload(fn, { initialDelayMs: 100, jitter: 0.2 });
    await vi.runAllTimersAsync();
    expect(triedAt).toEqual(expected);
  });

  it("ends its pause with the signal's reason, and leaves no timer", async () => {
    const { fn, triedAt } = failing(9);
    const controller = new AbortController();
    const result = rejectionOf(retryOnOverload(fn, { signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(100);
    controller.abort("stop");
    expect(await result).toBe("stop");
    expect([triedAt, vi.getTimerCount()]).toEqual([[0], 0]);
  });

  it("calls nothing when the signal has aborted before", async () => {
    const { fn, triedAt } = failing(0);
    expect(await rejectionOf(retryOnOverload(fn, { signal: AbortSignal.abort("no") }))).toBe("no");
    expect(triedAt).toEqual([]);
  });

  it.each([
    [{ maxAttempts: 0 }, "maxAttempts"],
    [{ maxAttempts: 1.5 }, "maxAttempts"],
    [{ initialDelayMs: -1 }, "initialDelayMs"],
    [{ maxDelayMs: Number.NaN }, "maxDelayMs"],
    [{ jitter: 1.1 }, "jitter"],
    [{ signal: "no" as never }, "signal"],
    [{ sgnal: 1 } as object, "sgnal"],
    [null as never, "options"],
  ])("refuses %j", async (options, option) => {
    const { fn, triedAt } = failing(0);
    expect(await rejectionOf(retryOnOverload(fn, options))).toMatchObject({
      code: "INVALID_OPTION",
      option,
    });
    expect(triedAt).toEqual([]);
  });
});

describe("runWithRetry", () => {
  const overloaded = () => {
    const error = {
      message: "at capacity",
      codexErrorInfo: "serverOverloaded" as const,
      additionalDetails: null,
      misalignment: null,
    };
    return new TurnFailedError(failedTurnOf(error), error);
  };
  const done = turnResultOf("done");

  /** A thread whose runs have these outcomes, and the arguments of each run. */
  function threadWith(...outcomes: readonly unknown[]) {
    const runs: unknown[][] = [];
    const run = async (...given: unknown[]): Promise<unknown> => {
      runs.push(given);
      const outcome = outcomes[runs.length - 1];
      if (outcome instanceof Error) throw outcome;
      return outcome;
    };
    // SAFETY: `runWithRetry` only calls `run`.
    return { runs, thread: { run } as unknown as Thread };
  }

  it("continues a turn that met an overloaded model, with the options of the first run", async () => {
    const { runs, thread } = threadWith(overloaded(), overloaded(), done);
    const result = runWithRetry(thread, "Go", { model: "m", whenBusy: "steer" });
    await vi.runAllTimersAsync();

    expect(await result).toBe(done);
    expect(runs).toEqual([
      ["Go", { model: "m", whenBusy: "steer" }],
      [{ type: "continue" }, { model: "m" }],
      [{ type: "continue" }, { model: "m" }],
    ]);
  });

  it("sends the input again when the runtime refused the request, because no turn has it", async () => {
    const { runs, thread } = threadWith(busy(), done);
    const result = runWithRetry(thread, "Go");
    await vi.runAllTimersAsync();

    expect(await result).toBe(done);
    expect(runs.map(([input]) => input)).toEqual(["Go", "Go"]);
  });

  it("does not repeat a turn that failed for another reason", async () => {
    const error = new TurnFailedError(failedTurnOf(null), null);
    const { runs, thread } = threadWith(error);

    expect(await rejectionOf(runWithRetry(thread, "Go"))).toBe(error);
    expect(runs).toHaveLength(1);
  });

  it("rejects with the last error after maxAttempts", async () => {
    const last = overloaded();
    const { thread } = threadWith(overloaded(), last);
    const result = rejectionOf(runWithRetry(thread, "Go", {}, { maxAttempts: 2 }));
    await vi.runAllTimersAsync();

    expect(await result).toBe(last);
  });

  it("ends its pause when the signal of the turn aborts", async () => {
    const controller = new AbortController();
    const { thread } = threadWith(overloaded(), done);
    const result = rejectionOf(runWithRetry(thread, "Go", { signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(100);
    controller.abort("stop");

    expect(await result).toBe("stop");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves isRetryableError false for the failed turn, whose input the thread has", () => {
    expect([isRetryableError(overloaded()), isRetryableError(busy())]).toEqual([false, true]);
  });
});
