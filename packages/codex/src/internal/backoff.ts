import { onAbort } from "./abort.js";
import type { Timers } from "./timers.js";

/** Pauses between attempts: each is twice as long as the one before, up to a limit. */
export interface Backoff {
  /** Pause after the first failure, in milliseconds. */
  readonly delayMs: number;
  /** Longest pause, in milliseconds. */
  readonly maxDelayMs: number;
  /** Largest random deviation of a pause, as a fraction of its length. */
  readonly jitter: number;
}

/** Returns the pause after `failures` failures, in milliseconds. */
export function pauseAfter(failures: number, { delayMs, maxDelayMs, jitter }: Backoff): number {
  const base = Math.min(delayMs * 2 ** (failures - 1), maxDelayMs);
  return base + base * jitter * (Math.random() * 2 - 1);
}

/** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as it aborts. */
export function pause(ms: number, signal: AbortSignal | undefined, timers: Timers): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = timers.setTimeout(() => {
      stopListening();
      resolve();
    }, ms);
    const stopListening = onAbort(signal, (reason) => {
      timers.clearTimeout(timer);
      reject(reason);
    });
  });
}
