import { RequestTimeoutError } from "../errors.js";
import { onAbort, raceAbort } from "../internal/abort.js";
import type { RequestOptions } from "../rpc/requestOptions.js";

/** The signal and the time limit of one call as one signal. End it when the call has ended. */
export class TimeLimit {
  /** Aborts with the caller's reason, or with `reason` when the time has passed. */
  readonly signal: AbortSignal | undefined;
  /** Reason of the abort after `timeoutMs`; `undefined` without a limit. */
  readonly reason: RequestTimeoutError | undefined;
  readonly timeoutMs: number | undefined;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #stopListening: () => void = () => {};

  constructor(method: string, { signal, timeoutMs }: RequestOptions) {
    this.signal = signal;
    this.timeoutMs = timeoutMs;
    if (timeoutMs === undefined) return;
    const controller = new AbortController();
    // The call has several steps, any of which may be what is missing.
    const reason = new RequestTimeoutError(method, timeoutMs, "was not completed");
    this.signal = controller.signal;
    this.reason = reason;
    this.#timer = setTimeout(() => controller.abort(reason), timeoutMs);
    this.#stopListening = onAbort(signal, (cause) => controller.abort(cause));
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#stopListening();
  }
}

/**
 * Ends the wait for a call of several steps with the signal's reason, or a `RequestTimeoutError`. Steps
 * that get the signal do not begin after that.
 */
export async function waitWithin<T>(
  method: string,
  options: RequestOptions,
  start: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const limit = new TimeLimit(method, options);
  try {
    return await raceAbort(start(limit.signal), limit.signal);
  } finally {
    limit.end();
  }
}

/** Opens a turn under a limit, which ends with the failure, or with the turn's handle. */
export async function openWithin<T>(
  method: string,
  options: RequestOptions,
  open: (limit: TimeLimit) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const limit = new TimeLimit(method, options);
  try {
    return await open(limit);
  } catch (error) {
    limit.end();
    throw error;
  }
}
