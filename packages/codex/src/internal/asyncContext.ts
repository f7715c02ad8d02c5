// Node has this module loaded before the first module of a program.
const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");

/** Runs a function in one async context: each `AsyncLocalStorage` has the value there that it had at the capture. */
export type InContext = <T>(body: () => T) => T;

/** Captures the async context of the caller. */
export function captureContext(): InContext {
  return AsyncLocalStorage.snapshot();
}
