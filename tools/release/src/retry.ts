import { setTimeout as delay } from "node:timers/promises";

/** Number of attempts and the pause between them. */
export interface RetryPolicy {
  /** Attempts in all, the first one included. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubled before each further one. */
  readonly delayMs: number;
}

/** Calls `attempt` again while it fails in a way that `isRetryable`, as often as the policy allows. */
export async function withRetries<T>(
  policy: RetryPolicy,
  isRetryable: (error: unknown) => boolean,
  attempt: (number: number) => Promise<T>,
): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt(number);
    } catch (error) {
      if (number >= policy.attempts || !isRetryable(error)) throw error;
      await delay(policy.delayMs * 2 ** (number - 1));
    }
  }
}
