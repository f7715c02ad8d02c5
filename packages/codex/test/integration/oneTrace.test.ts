import { trace } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";

import { tool } from "../../src/index.js";
import { instrumentCodex } from "../../src/otel/index.js";
import { functionCall, message, shellCall, startHarness } from "../../src/testing/index.js";
import { Telemetry } from "../support/telemetry.js";
import { TraceCollector } from "../support/traceCollector.js";

const ASKING = { sandbox_permissions: "require_escalated", justification: "test" };

describe("a turn of an instrumented program", () => {
  it("is one trace from the program through the runtime to the model's requests, in which every parent is known", async () => {
    await using collector = await TraceCollector.start();
    await using telemetry = new Telemetry();
    using _instrumentation = await instrumentCodex();
    const seen: (string | undefined)[] = [];
    const noteActive = () => {
      seen.push(trace.getActiveSpan()?.spanContext().spanId);
    };
    const lookUp = tool({
      name: "look_up",
      description: "Looks up.",
      inputSchema: { type: "object", properties: {} },
      execute: () => {
        noteActive();
        return "found";
      },
    });
    const harness = await startHarness({
      // Long enough for the runtime to export what it has, on any machine.
      codex: { closeTimeoutMs: 60_000 },
      config: {
        otel: {
          environment: "test",
          trace_exporter: { "otlp-http": { endpoint: collector.endpoint, protocol: "json" } },
        },
      },
    });
    const { codex, model } = harness;
    try {
      model.enqueue(functionCall("look_up", {}));
      model.enqueue(shellCall("echo one", ASKING));
      model.enqueue(message("Done."));
      await telemetry.inSpan("web request", async () => {
        const thread = await codex.startThread({
          tools: [lookUp],
          onApproval: () => {
            noteActive();
            return "decline";
          },
        });
        const { finalResponse } = await thread.run("go");
        expect(finalResponse).toBe("Done.");
      });
    } finally {
      await harness.close();
    }
    const root = telemetry.span("web request").spanContext();
    const { traceId } = root;
    const host = telemetry.spans.map((span) => ({
      name: span.name,
      traceId: span.spanContext().traceId,
      spanId: span.spanContext().spanId,
      parentSpanId: span.parentSpanContext?.spanId ?? "",
    }));
    expect(host.filter((span) => span.traceId !== traceId)).toEqual([]);
    expect(telemetry.spans).toHaveLength(telemetry.started);
    expect(seen).toEqual([
      telemetry.span("execute_tool look_up").spanContext().spanId,
      telemetry.span("approval command").spanContext().spanId,
    ]);

    const runtime = collector.spans.filter((span) => span.traceId === traceId);
    expect(runtime.length).toBeGreaterThan(50);
    const known = new Set([...host, ...runtime].map(({ spanId }) => spanId));
    const orphans = [...host, ...runtime].filter(
      ({ parentSpanId, spanId }) => spanId !== root.spanId && !known.has(parentSpanId),
    );
    expect(orphans).toEqual([]);
    const turnStart = telemetry.span("turn/start").spanContext().spanId;
    expect(runtime.map(({ parentSpanId }) => parentSpanId)).toContain(turnStart);

    const received = model.requests.map((request) => request.header("traceparent")?.split("-"));
    expect(received).toHaveLength(3);
    for (const [, requestTrace, parent] of received.map((parts) => parts ?? [])) {
      expect(requestTrace).toBe(traceId);
      expect(known).toContain(parent);
    }
  });
});
