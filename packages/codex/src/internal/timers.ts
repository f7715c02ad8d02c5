// An import of "node:timers" or "node:process" also loads what they expose lazily: promises, streams, sockets.
const timers = process.getBuiltinModule("node:timers");

/** The timers that the SDK's own waits use. */
export interface Timers {
  setTimeout(callback: () => void, ms: number): NodeJS.Timeout;
  clearTimeout(timer: NodeJS.Timeout | undefined): void;
}

/**
 * Timers of the host, taken when the module is loaded: fake timers of a test framework must not stop
 * the SDK's own waits. Timers of the caller's own options use the global ones.
 */
export const { clearTimeout, setImmediate, setTimeout } = timers;

/** Schedules a callback behind all pending microtasks. Taken when the module is loaded, as the timers are. */
export const { nextTick } = process;

/** Schedules a microtask. Taken when the module is loaded, as the timers are. */
export const { queueMicrotask } = globalThis;

/** The host's timers as an object, for classes whose tests bring other ones. */
export const hostTimers: Timers = { clearTimeout, setTimeout };
