import type { Meter } from "@opentelemetry/api";

import type { OperationTrace, TurnTrace } from "../tracing/traces.js";
import { ATTRIBUTE, errorAttributes, toolAttributes, turnAttributes } from "./attributes.js";
import { follow } from "./subscriptions.js";

/** Buckets of the conventions: powers of 4. */
const TOKEN_BUCKETS = Array.from({ length: 14 }, (_, index) => 4 ** index);
/** Buckets of the conventions, 10 ms doubled up to 82 s, and further: a turn may work for half an hour. */
const SECOND_BUCKETS = Array.from({ length: 19 }, (_, index) => 0.01 * 2 ** index);

/** Records the token usage of turns, and the duration of turns and tool calls; returns a function that stops it. */
export function recordMetrics(meter: Meter): () => void {
  const tokens = meter.createHistogram("gen_ai.client.token.usage", {
    description: "Number of input and output tokens used",
    unit: "{token}",
    advice: { explicitBucketBoundaries: TOKEN_BUCKETS },
  });
  const seconds = meter.createHistogram("gen_ai.client.operation.duration", {
    description: "Duration of the operation",
    unit: "s",
    advice: { explicitBucketBoundaries: SECOND_BUCKETS },
  });
  const recordTokens = (trace: TurnTrace) => {
    const { usage } = trace;
    if (usage === undefined) return;
    const attributes = turnAttributes(trace);
    tokens.record(usage.inputTokens, { ...attributes, [ATTRIBUTE.tokenType]: "input" });
    tokens.record(usage.outputTokens, { ...attributes, [ATTRIBUTE.tokenType]: "output" });
  };
  const secondsOf = ({ durationMs = 0 }: OperationTrace) => durationMs / 1000;
  const stops = [
    follow("turn", {
      onEnd: (trace) => {
        recordTokens(trace);
        seconds.record(secondsOf(trace), { ...turnAttributes(trace), ...errorAttributes(trace) });
      },
    }),
    follow("tool", {
      onEnd: (trace) =>
        seconds.record(secondsOf(trace), { ...toolAttributes(trace), ...errorAttributes(trace) }),
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
