import type { DynamicToolCallResponse } from "@openai/codex-types";

import { traceOperation } from "../tracing/operation.js";
import type { ToolTrace } from "../tracing/traces.js";
import type { ApprovalDecision } from "./approvals/approvalDecision.js";
import type { ApprovalRequest } from "./approvals/approvalRequest.js";

/** Calls a tool (`codex:tool`). The arguments and the result are not published. */
export function traceToolCall(
  trace: ToolTrace,
  signal: AbortSignal,
  call: () => Promise<DynamicToolCallResponse>,
): Promise<DynamicToolCallResponse> {
  const toFacts = ({ success }: DynamicToolCallResponse) => ({ isSuccess: success });
  return traceOperation("tool", () => trace, call, { signal, toFacts });
}

/**
 * Calls an approval handler and checks its decision (`codex:approval`). Of the decision, a word is
 * published alone.
 */
export function traceApproval<Decided extends { readonly decision: ApprovalDecision }>(
  request: ApprovalRequest,
  signal: AbortSignal,
  decide: () => Promise<Decided>,
): Promise<Decided> {
  return traceOperation(
    "approval",
    () => {
      const { kind, threadId } = request;
      const turnId = request.turnId ?? undefined;
      return { kind, threadId, turnId, itemId: "itemId" in request ? request.itemId : undefined };
    },
    decide,
    {
      signal,
      toFacts: ({ decision }) => ({
        decision: typeof decision === "string" ? decision : "custom",
      }),
    },
  );
}
