import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { retryOnOverload } from "../../../src/api/retry.js";
import { InvalidRequestError, ServerBusyError } from "../../../src/rpc/rpcErrors.js";
import { rejectionOf } from "../../support/rejection.js";

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

describe("P11: retryOnOverload", () => {
  it("tries again after pauses that double up to the longest", async () => {
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

  it("does not try again what is no overload", async () => {
    const error = new InvalidRequestError({ method: "m", rpcCode: -32600, message: "no" });
    const { fn, triedAt } = failing(9, () => error);
    expect(await rejectionOf(retryOnOverload(fn))).toBe(error);
    expect([triedAt, vi.getTimerCount()]).toEqual([[0], 0]);
  });

  it.each([
    [0, [0, 80, 240]],
    [1, [0, 120, 360]],
  ])("strays by the jitter at the most (random %d)", async (random, expected) => {
    vi.mocked(Math.random).mockReturnValue(random);
    const { fn, triedAt } = failing(2);
    void retryOnOverload(fn, { initialDelayMs: 100, jitter: 0.2 });
    await vi.runAllTimersAsync();
    expect(triedAt).toEqual(expected);
  });

  it("S7: ends its pause with the signal's reason, and leaves no timer", async () => {
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
  ])("refuses %j", async (options, option) => {
    const { fn, triedAt } = failing(0);
    expect(await rejectionOf(retryOnOverload(fn, options))).toMatchObject({
      code: "INVALID_OPTION",
      option,
    });
    expect(triedAt).toEqual([]);
  });
});
