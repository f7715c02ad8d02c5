import { afterEach, expect, it, vi } from "vitest";

import { clearTimeout, setImmediate, setTimeout } from "../../../src/internal/timers.js";

afterEach(() => {
  vi.useRealTimers();
});

it("timers of the SDK fire while a test framework's fake timers are installed", async () => {
  vi.useFakeTimers();
  await new Promise<void>((resolve) => setTimeout(resolve, 1));
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(vi.isFakeTimers()).toBe(true);
});

it("a timer of the SDK that was cleared while fake timers are installed does not fire", async () => {
  vi.useFakeTimers();
  const callback = vi.fn<() => void>();
  clearTimeout(setTimeout(callback, 1));
  await new Promise<void>((resolve) => setTimeout(resolve, 5));
  expect(callback).not.toHaveBeenCalled();
});
