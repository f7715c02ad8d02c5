import { onAbort } from "../internal/abort.js";
import {
  checkCount,
  checkFraction,
  checkFunction,
  checkOptions,
  checkPause,
  checkSignal,
  optionsOf,
} from "../internal/validate.js";
import { JsonRpcError, saysOverloaded, ServerBusyError } from "../rpc/rpcErrors.js";

/** Options of `retryOnOverload`. */
export interface RetryOptions {
  /**
   * Largest number of attempts, the first one included.
   *
   * @default 3
   */
  readonly maxAttempts?: number | undefined;
  /**
   * Pause after the first failure, in milliseconds. Each further pause is twice as long.
   *
   * @default 250
   */
  readonly initialDelayMs?: number | undefined;
  /**
   * Longest pause, in milliseconds.
   *
   * @default 2_000
   */
  readonly maxDelayMs?: number | undefined;
  /**
   * Largest random deviation of a pause, as a fraction of its length. Keeps clients from retrying in step.
   *
   * @default 0.2
   */
  readonly jitter?: number | undefined;
  /** Aborting ends the pause, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const RETRY_OPTIONS = optionsOf<RetryOptions>({
  maxAttempts: checkCount,
  initialDelayMs: checkPause,
  maxDelayMs: checkPause,
  jitter: checkFraction,
  signal: checkSignal,
});

/**
 * Returns whether a call failed because the runtime was overloaded, so that the same call may succeed
 * later. Returns `false` for every `TurnFailedError`, also when the model service was overloaded: the
 * thread has the input of the failed turn already, and the same call would send it again. Continue
 * such a turn with `continueInput()`.
 */
export function isRetryableError(error: unknown): boolean {
  if (error instanceof ServerBusyError) return true;
  return error instanceof JsonRpcError && saysOverloaded(error.data);
}

/**
 * Calls `fn` until it succeeds, fails with an error that is not retryable (see `isRetryableError`), or
 * has failed `maxAttempts` times; then rejects with its last error. The SDK retries nothing by itself.
 *
 * @example
 * ```ts
 * const thread = await retryOnOverload(() => codex.startThread(), { maxAttempts: 5 });
 * ```
 *
 * @throws InvalidOptionError for options that cannot work; the signal's reason after an abort.
 */
export async function retryOnOverload<T>(
  fn: () => Promise<T> | T,
  options: RetryOptions = {},
): Promise<T> {
  checkFunction("fn", fn);
  checkOptions("retryOnOverload()", options, RETRY_OPTIONS);
  const { maxAttempts = 3, initialDelayMs = 250, maxDelayMs = 2000, jitter = 0.2 } = options;
  let delayMs = initialDelayMs;
  for (let attempt = 1; ; attempt += 1) {
    options.signal?.throwIfAborted();
    try {
      return await fn();
    } catch (error) {
      if (attempt >= maxAttempts || !isRetryableError(error)) throw error;
    }
    const base = Math.min(delayMs, maxDelayMs);
    await pause(base + base * jitter * (Math.random() * 2 - 1), options.signal);
    delayMs = Math.min(delayMs * 2, maxDelayMs);
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stopListening();
      resolve();
    }, ms);
    const stopListening = onAbort(signal, (reason) => {
      clearTimeout(timer);
      reject(reason);
    });
  });
}
