/** Reading requests, by the last part of the method. */
const READING = /\/(?:get|list|read|search)$/;

/** Requests that bring about a state, and have no further effect when that state is there already. */
const SETTING: ReadonlySet<string> = new Set([
  "thread/name/set",
  "thread/resume",
  "thread/settings/update",
  // A thread without a turn is not stored, and the runtime unloads it when nobody is subscribed.
  "thread/start",
  "thread/unsubscribe",
  "turn/interrupt",
]);

/** Returns whether a request may be sent twice: the runtime may have performed the first one. */
export function isRepeatable(method: string): boolean {
  return READING.test(method) || SETTING.has(method);
}
