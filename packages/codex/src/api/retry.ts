import { InvalidOptionError, TurnFailedError } from "../errors.js";
import type { TurnResult } from "../errors/turnResult.js";
import { pause, pauseAfter } from "../internal/backoff.js";
import { isObject } from "../internal/isObject.js";
import {
  checkCount,
  checkFraction,
  checkFunction,
  checkObject,
  checkOptions,
  checkPause,
  checkSignal,
  describeValue,
  optionsOf,
  readGiven,
} from "../internal/validate.js";
import { JsonRpcError, saysOverloaded, ServerBusyError } from "../rpc/rpcErrors.js";
import { continueInput, type RunInput } from "./input.js";
import type { OutputOf, OutputSchema } from "./output/outputSchema.js";
import type { Thread } from "./thread.js";
import type { TurnOptions } from "./turns/turnOptions.js";

/** Options of `retryOnOverload` and `runWithRetry`. */
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
 * thread has the input of the failed turn already, and the same call would send it again. See
 * `runWithRetry`.
 *
 * @example
 * ```ts
 * const models = await codex.models().catch((error: unknown) => {
 *   if (!isRetryableError(error)) throw error;
 *   return codex.models();
 * });
 * ```
 */
export function isRetryableError(error: unknown): boolean {
  try {
    if (error instanceof ServerBusyError) return true;
    return error instanceof JsonRpcError && saysOverloaded(error.data);
  } catch {
    // A proxy that cannot be read is not an error of the SDK.
    return false;
  }
}

/**
 * Calls `fn` until it succeeds, fails with an error that is not retryable (see `isRetryableError`), or
 * has failed `maxAttempts` times; then rejects with its last error. The SDK does not retry by itself.
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
  return repeat(fn, isRetryableError, options);
}

/**
 * Runs a turn as `thread.run` does. When the model service is overloaded, continues the failed turn
 * with `continueInput()` until it succeeds or has failed `maxAttempts` times. The input is sent once,
 * and commands that ran are not repeated. The result has the items of the last attempt.
 *
 * @example
 * ```ts
 * const result = await runWithRetry(thread, "Fix the failing test.", { effort: "high" });
 * ```
 *
 * @throws InvalidOptionError for options that cannot work; the signal's reason after an abort;
 * otherwise as `thread.run`.
 */
export async function runWithRetry<Schema extends OutputSchema | undefined = undefined>(
  thread: Thread,
  input: RunInput,
  options: TurnOptions<Schema> = {},
  retry: RetryOptions = {},
): Promise<TurnResult<OutputOf<Schema>>> {
  checkThread(thread);
  checkObject("options", options);
  checkOptions("runWithRetry()", retry, RETRY_OPTIONS);
  const signal = readGiven("options", () => options.signal);
  let next = (): Promise<TurnResult<OutputOf<Schema>>> => thread.run(input, options);
  const isRetryable = (error: unknown): boolean => {
    if (!isOverloadedTurn(error)) return isRetryableError(error);
    // The failed turn has ended, so that there is none to be steered.
    const { whenBusy, ...rest } = options;
    const rerun = whenBusy === "queue" ? options : rest;
    next = () => thread.run(continueInput(), rerun);
    return true;
  };
  return repeat(() => next(), isRetryable, { ...retry, signal: retry.signal ?? signal });
}

function checkThread(thread: unknown): void {
  // By its members: the class itself would make this file and thread.ts import each other.
  if (isObject(thread) && readGiven("thread", () => typeof thread["run"]) === "function") return;
  throw new InvalidOptionError("thread", `expected a Thread, not ${describeValue(thread)}.`);
}

function isOverloadedTurn(error: unknown): boolean {
  return error instanceof TurnFailedError && saysOverloaded(error.turnError?.codexErrorInfo);
}

async function repeat<T>(
  fn: () => Promise<T> | T,
  isRetryable: (error: unknown) => boolean,
  options: RetryOptions,
): Promise<T> {
  const { maxAttempts = 3, initialDelayMs = 250, maxDelayMs = 2000, jitter = 0.2 } = options;
  const backoff = { delayMs: initialDelayMs, maxDelayMs, jitter };
  for (let attempt = 1; ; attempt += 1) {
    options.signal?.throwIfAborted();
    try {
      return await fn();
    } catch (error) {
      if (attempt >= maxAttempts || !isRetryable(error)) throw error;
    }
    await pause(pauseAfter(attempt, backoff), options.signal, globalThis);
  }
}
