import { InvalidOptionError } from "../errors.js";
import { onAbort } from "../internal/abort.js";
import { JsonRpcError, saysOverloaded, ServerBusyError } from "../rpc/rpcErrors.js";

/** When and how often `retryOnOverload` tries again. */
export interface RetryOptions {
  /** How often to try in all. Default 3. */
  readonly maxAttempts?: number | undefined;
  /** The pause after the first failure, in milliseconds; it doubles after each. Default 250. */
  readonly initialDelayMs?: number | undefined;
  /** The longest pause, in milliseconds. Default 2,000. */
  readonly maxDelayMs?: number | undefined;
  /** How far a pause may stray from its length, as a share of it, so that clients do not come back in step. Default 0.2. */
  readonly jitter?: number | undefined;
  /** Aborting ends the pause, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Whether the runtime was overloaded, so that the same call may succeed a little later. */
export function isRetryableError(error: unknown): boolean {
  if (error instanceof ServerBusyError) return true;
  return error instanceof JsonRpcError && saysOverloaded(error.data);
}

/**
 * Calls `fn` until it succeeds, fails with an error that is no overload, or has failed `maxAttempts`
 * times; then its last error is thrown. The SDK retries nothing by itself.
 *
 * @throws InvalidOptionError for options that cannot work; the signal's reason after an abort.
 */
export async function retryOnOverload<T>(
  fn: () => Promise<T> | T,
  options: RetryOptions = {},
): Promise<T> {
  const { maxAttempts = 3, initialDelayMs = 250, maxDelayMs = 2000, jitter = 0.2 } = options;
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1) {
    throw new InvalidOptionError("maxAttempts", `must be a whole number >= 1, not ${maxAttempts}.`);
  }
  checkRange("initialDelayMs", initialDelayMs, 2 ** 31 - 1);
  checkRange("maxDelayMs", maxDelayMs, 2 ** 31 - 1);
  checkRange("jitter", jitter, 1);
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

function checkRange(name: string, value: number, max: number): void {
  if (typeof value === "number" && value >= 0 && value <= max) return;
  throw new InvalidOptionError(name, `must be a number from 0 to ${max}, not ${value}.`);
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
