import { queueMicrotask } from "../internal/timers.js";

/** Calls a hook of the application. One that throws must not stop the reading of messages. */
export function callHook<T>(hook: ((value: T) => void) | undefined, value: T): void {
  try {
    hook?.(value);
  } catch (error) {
    // Thrown as the application's own fault, outside of the connection's call stack.
    queueMicrotask(() => {
      throw error;
    });
  }
}
