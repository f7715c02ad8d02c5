/** A usage without tokens. */
export const ZERO = {
  totalTokens: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 0,
  reasoningOutputTokens: 0,
};

/** A usage with a different number of tokens of each kind. */
export function tokens(n: number) {
  return {
    totalTokens: n,
    inputTokens: 2 * n,
    cachedInputTokens: 3 * n,
    cacheWriteInputTokens: 4 * n,
    outputTokens: 5 * n,
    reasoningOutputTokens: 6 * n,
  };
}

/** The usage of a thread: its total, and its last model call. */
export const usage = (total: number, last: number) => ({
  total: tokens(total),
  last: tokens(last),
  modelContextWindow: null,
});
