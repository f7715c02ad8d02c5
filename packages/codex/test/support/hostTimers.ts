import type { Timers } from "../../src/internal/timers.js";

/** Timers that `vi.useFakeTimers()` replaces, in place of the host's. */
export const globalTimers: Timers = {
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};
