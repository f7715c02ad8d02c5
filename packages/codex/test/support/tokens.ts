import type { TokenUsageBreakdown } from "@openai/codex-types";

/** A breakdown whose total is input plus output, as the scripted model reports it by default. */
export function tokens(
  input: number,
  cached: number,
  output: number,
  reasoning: number,
): TokenUsageBreakdown {
  return {
    totalTokens: input + output,
    inputTokens: input,
    cachedInputTokens: cached,
    cacheWriteInputTokens: 0,
    outputTokens: output,
    reasoningOutputTokens: reasoning,
  };
}
