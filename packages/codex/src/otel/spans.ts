import { AGENT, ATTRIBUTE, definedOnly, toolAttributes, turnAttributes } from "./attributes.js";
import type { SpanRecorder } from "./spanRecorder.js";
import { follow } from "./subscriptions.js";

/** Records the spans of starts, requests, turns, tool calls and approvals; returns a function that stops it. */
export function recordSpans(recorder: SpanRecorder): () => void {
  const stops = [
    followStarts(recorder),
    followRequests(recorder),
    followTurns(recorder),
    followTools(recorder),
    followApprovals(recorder),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function followStarts(recorder: SpanRecorder): () => void {
  return follow("start", {
    onStart: (trace) => {
      const attributes = { [ATTRIBUTE.transport]: trace.transport };
      recorder.start(trace, { name: `start ${AGENT}`, kind: "INTERNAL", attributes });
      recorder.activate(trace);
    },
    onEnd: (trace) =>
      recorder.end(trace, definedOnly({ [ATTRIBUTE.runtimeVersion]: trace.runtimeVersion })),
  });
}

/** The runtime continues the trace of each request: its spans are children of the request's. */
function followRequests(recorder: SpanRecorder): () => void {
  return follow("request", {
    onStart: (trace) => {
      const { method, threadId, turnId } = trace;
      const attributes = definedOnly({
        [ATTRIBUTE.rpcSystem]: "jsonrpc",
        [ATTRIBUTE.rpcMethod]: method,
        [ATTRIBUTE.conversation]: threadId,
        [ATTRIBUTE.turn]: turnId,
      });
      const span = recorder.start(trace, { name: method, kind: "CLIENT", attributes }, threadId);
      trace.trace = recorder.traceContextOf(span) ?? trace.trace;
    },
    onEnd: (trace) => recorder.end(trace),
  });
}

function followTurns(recorder: SpanRecorder): () => void {
  return follow("turn", {
    onStart: (trace) => {
      const { method, threadId } = trace;
      const attributes = {
        ...turnAttributes(trace),
        [ATTRIBUTE.conversation]: threadId,
        [ATTRIBUTE.turnMethod]: method,
      };
      const start = { name: `invoke_agent ${AGENT}`, kind: "CLIENT", attributes } as const;
      recorder.start(trace, start, undefined, threadId);
      recorder.activate(trace);
    },
    onEnd: (trace) => {
      const { turnId, threadId, status, usage } = trace;
      const attributes = definedOnly({
        [ATTRIBUTE.conversation]: threadId,
        [ATTRIBUTE.turn]: turnId,
        [ATTRIBUTE.turnStatus]: status,
        [ATTRIBUTE.inputTokens]: usage?.inputTokens,
        [ATTRIBUTE.outputTokens]: usage?.outputTokens,
        [ATTRIBUTE.cacheReadTokens]: usage?.cachedInputTokens,
        [ATTRIBUTE.cacheWriteTokens]: usage?.cacheWriteInputTokens,
      });
      recorder.end(trace, attributes);
    },
  });
}

function followTools(recorder: SpanRecorder): () => void {
  return follow("tool", {
    onStart: (trace) => {
      const { tool, callId, threadId, turnId } = trace;
      const attributes = {
        ...toolAttributes(trace),
        [ATTRIBUTE.toolType]: "function",
        [ATTRIBUTE.toolCall]: callId,
        [ATTRIBUTE.conversation]: threadId,
        [ATTRIBUTE.turn]: turnId,
      };
      recorder.start(
        trace,
        { name: `execute_tool ${tool}`, kind: "INTERNAL", attributes },
        threadId,
      );
      recorder.activate(trace);
    },
    onEnd: (trace) => recorder.end(trace),
  });
}

function followApprovals(recorder: SpanRecorder): () => void {
  return follow("approval", {
    onStart: (trace) => {
      const { kind, threadId, turnId, itemId } = trace;
      const attributes = definedOnly({
        [ATTRIBUTE.approvalKind]: kind,
        [ATTRIBUTE.conversation]: threadId,
        [ATTRIBUTE.turn]: turnId,
        [ATTRIBUTE.item]: itemId,
      });
      recorder.start(trace, { name: `approval ${kind}`, kind: "INTERNAL", attributes }, threadId);
      recorder.activate(trace);
    },
    onEnd: (trace) =>
      recorder.end(trace, definedOnly({ [ATTRIBUTE.approvalDecision]: trace.decision })),
  });
}
