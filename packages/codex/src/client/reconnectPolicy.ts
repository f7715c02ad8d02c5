import type { Backoff } from "../internal/backoff.js";
import {
  checkCount,
  checkFraction,
  checkObject,
  checkOptions,
  checkPause,
  checkSignal,
  optionsOf,
} from "../internal/validate.js";

/** Policy for a connection that was lost: how often and how fast to connect again. */
export interface ReconnectOptions {
  /**
   * Largest number of attempts after a loss. They begin anew with each connection that was restored.
   *
   * @default 10
   */
  readonly attempts?: number | undefined;
  /**
   * Pause before the first attempt, in milliseconds. Each further pause is twice as long.
   *
   * @default 100
   */
  readonly delayMs?: number | undefined;
  /**
   * Longest pause, in milliseconds.
   *
   * @default 10_000
   */
  readonly maxDelayMs?: number | undefined;
  /**
   * Largest random deviation of a pause, as a fraction of its length. Keeps clients from connecting in step.
   *
   * @default 0.2
   */
  readonly jitter?: number | undefined;
  /** Aborting ends the attempts: the connection counts as lost for good then. */
  readonly signal?: AbortSignal | undefined;
}

/** `ReconnectOptions` with its defaults. */
export interface ReconnectPolicy extends Backoff {
  readonly attempts: number;
  readonly signal: AbortSignal | undefined;
}

const DEFAULTS = { attempts: 10, delayMs: 100, maxDelayMs: 10_000, jitter: 0.2 } as const;

const RECONNECT_OPTIONS = optionsOf<ReconnectOptions>({
  attempts: (_name, value) => checkCount("transport.reconnect.attempts", value),
  delayMs: (_name, value) => checkPause("transport.reconnect.delayMs", value),
  maxDelayMs: (_name, value) => checkPause("transport.reconnect.maxDelayMs", value),
  jitter: (_name, value) => checkFraction("transport.reconnect.jitter", value),
  signal: (_name, value) => checkSignal("transport.reconnect.signal", value),
});

/** Checks the `reconnect` option of a transport. */
export function checkReconnect(_name: string, value: unknown): void {
  checkObject("transport.reconnect", value);
  checkOptions("transport.reconnect", value, RECONNECT_OPTIONS);
}

/** Returns the policy for checked options; `undefined` without them. */
export function toReconnectPolicy(
  options: ReconnectOptions | undefined,
): ReconnectPolicy | undefined {
  if (options === undefined) return undefined;
  const {
    attempts = DEFAULTS.attempts,
    delayMs = DEFAULTS.delayMs,
    maxDelayMs = DEFAULTS.maxDelayMs,
    jitter = DEFAULTS.jitter,
    signal,
  } = options;
  return { attempts, delayMs, maxDelayMs, jitter, signal };
}
