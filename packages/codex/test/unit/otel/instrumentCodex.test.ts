import { trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";

import { Codex, tool } from "../../../src/index.js";
import { instrumentCodex } from "../../../src/otel/index.js";
import { answer, scriptedClient, settle } from "../../support/scriptedClient.js";
import { scriptedRuntime } from "../../support/scriptedPlay.js";
import { Telemetry } from "../../support/telemetry.js";
import { THREAD, turn, turnCompleted, turnStarted, usageUpdated } from "../../support/wire.js";

const ids = { threadId: THREAD, turnId: "turn-1" };
const CALLS_TOOL = {
  id: 7,
  method: "item/tool/call",
  params: { ...ids, callId: "call-7", tool: "look_up", arguments: {} },
};
const ASKS = {
  id: 8,
  method: "item/commandExecution/requestApproval",
  params: { ...ids, itemId: "item-9", kind: "command" },
};
const STARTS = [answer({ turn: turn("turn-1", "inProgress") }), turnStarted("turn-1")];
const OPENS = [
  answer({
    thread: { id: THREAD, status: { type: "idle" } },
    model: "gpt-5",
    modelProvider: "azure",
  }),
];
const SCRIPT = { "thread/start": [OPENS], "turn/start": [[...STARTS, CALLS_TOOL, ASKS]] };

const lookUp = (execute: () => string | Promise<string>) =>
  tool({ name: "look_up", description: "Looks up.", inputSchema: { type: "object" }, execute });

const inner = (name: string) => {
  trace.getTracer("test").startSpan(name).end();
  return name;
};

describe("the instrumentation for OpenTelemetry", () => {
  it("puts a turn, its request, its tools and its approvals into the trace of the caller, by the conventions", async () => {
    await using telemetry = new Telemetry();
    using _instrumentation = await instrumentCodex();
    await using client = await scriptedClient(SCRIPT);
    const { codex, runtime } = client;
    const thread = await codex.startThread({
      tools: [lookUp(() => inner("work of the tool"))],
      onApproval: () => {
        inner("work of the approval");
        return "decline";
      },
    });
    await telemetry.inSpan("web request", async () => {
      const running = thread.run("go");
      await settle();
      runtime.send(usageUpdated(42), turnCompleted());
      await running;
    });
    const parents = {
      "invoke_agent codex": "web request",
      "turn/start": "invoke_agent codex",
      "execute_tool look_up": "invoke_agent codex",
      "approval command": "invoke_agent codex",
      "work of the tool": "execute_tool look_up",
      "work of the approval": "approval command",
    };
    const { traceId } = telemetry.span("web request").spanContext();
    for (const [name, parent] of Object.entries(parents)) {
      const span = telemetry.span(name);
      expect([name, span.spanContext().traceId]).toEqual([name, traceId]);
      expect([name, span.parentSpanContext?.spanId]).toEqual([
        name,
        telemetry.span(parent).spanContext().spanId,
      ]);
    }
    expect(telemetry.span("invoke_agent codex").attributes).toEqual({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.provider.name": "azure",
      "gen_ai.agent.name": "codex",
      "gen_ai.request.model": "gpt-5",
      "gen_ai.conversation.id": THREAD,
      "gen_ai.usage.input_tokens": 42,
      "gen_ai.usage.output_tokens": 0,
      "gen_ai.usage.cache_read.input_tokens": 0,
      "gen_ai.usage.cache_creation.input_tokens": 0,
      "codex.turn.id": "turn-1",
      "codex.turn.method": "turn/start",
      "codex.turn.status": "completed",
    });
    expect(telemetry.span("execute_tool look_up").attributes).toEqual({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "look_up",
      "gen_ai.tool.type": "function",
      "gen_ai.tool.call.id": "call-7",
      "gen_ai.conversation.id": THREAD,
      "codex.turn.id": "turn-1",
    });
    expect(telemetry.span("approval command").attributes).toEqual({
      "codex.approval.kind": "command",
      "codex.approval.decision": "decline",
      "codex.item.id": "item-9",
      "gen_ai.conversation.id": THREAD,
      "codex.turn.id": "turn-1",
    });
    expect(telemetry.span("turn/start").attributes).toEqual({
      "rpc.system.name": "jsonrpc",
      "rpc.method": "turn/start",
      "gen_ai.conversation.id": THREAD,
    });
    const { spanId } = telemetry.span("turn/start").spanContext();
    const [sent] = client.received("turn/start");
    expect(sent).toMatchObject({ trace: { traceparent: `00-${traceId}-${spanId}-01` } });
  });

  it("does not let work of later turns join the trace of the caller that started the runtime", async () => {
    await using telemetry = new Telemetry();
    using _instrumentation = await instrumentCodex();
    using runtime = scriptedRuntime({ ...SCRIPT, "turn/start": [STARTS] });
    await using codex = new Codex(runtime.options);
    const thread = await telemetry.inSpan("first request", () => codex.startThread());
    const running = thread.run("go");
    await settle();
    runtime.send(turnCompleted());
    await running;
    const first = telemetry.span("first request").spanContext();
    const start = telemetry.span("start codex");
    expect(start.parentSpanContext?.spanId).toBe(first.spanId);
    expect(telemetry.span("initialize").parentSpanContext?.spanId).toBe(start.spanContext().spanId);
    expect(telemetry.span("invoke_agent codex").parentSpanContext).toBeUndefined();
    expect(telemetry.span("invoke_agent codex").spanContext().traceId).not.toBe(first.traceId);
  });

  it("finds the turn of a tool call by its thread when the program has no context manager", async () => {
    await using telemetry = new Telemetry({ hasContextManager: false });
    using _instrumentation = await instrumentCodex({ tracerProvider: telemetry.provider });
    await using client = await scriptedClient(SCRIPT);
    const { codex, runtime } = client;
    const thread = await codex.startThread({ tools: [lookUp(() => "found")] });
    const running = thread.run("go");
    await settle();
    runtime.send(turnCompleted());
    await running;
    const { spanId } = telemetry.span("invoke_agent codex").spanContext();
    for (const name of ["turn/start", "execute_tool look_up"]) {
      expect([name, telemetry.span(name).parentSpanContext?.spanId]).toEqual([name, spanId]);
    }
  });

  const never = () => new Promise<never>(() => {});
  it.each<
    [string, (client: Awaited<ReturnType<typeof scriptedClient>>) => unknown, string | undefined]
  >([
    [
      "fails",
      ({ runtime }) =>
        runtime.send(
          turnCompleted("turn-1", THREAD, "failed", {
            error: {
              message: "no",
              codexErrorInfo: null,
              additionalDetails: null,
              misalignment: null,
            },
          }),
        ),
      "TURN_FAILED",
    ],
    [
      "is interrupted",
      ({ runtime }) => runtime.send(turnCompleted("turn-1", THREAD, "interrupted")),
      undefined,
    ],
    ["is cut off by close()", ({ codex }) => codex.close(), "CLOSED"],
    ["is cut off by the runtime's end", ({ runtime }) => runtime.exit(3), "TRANSPORT_CLOSED"],
  ])("ends every span of a turn that %s", async (_how, stop, errorType) => {
    await using telemetry = new Telemetry();
    using _instrumentation = await instrumentCodex();
    {
      await using client = await scriptedClient(SCRIPT);
      const { codex } = client;
      const thread = await codex.startThread({ tools: [lookUp(never)], onApproval: never });
      const running = thread.run("go").catch(() => undefined);
      await settle();
      await stop(client);
      await running;
    }
    await settle();
    expect(telemetry.spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["invoke_agent codex", "execute_tool look_up", "approval command"]),
    );
    expect(telemetry.spans).toHaveLength(telemetry.started);
    const { attributes, status } = telemetry.span("invoke_agent codex");
    expect(attributes["error.type"]).toBe(errorType);
    expect(status.code).toBe(errorType === undefined ? 0 : 2);
  });

  it("ends the open spans when it is disposed of, and records nothing from then on", async () => {
    await using telemetry = new Telemetry();
    const instrumentation = await instrumentCodex();
    await using client = await scriptedClient(SCRIPT);
    const { codex, runtime } = client;
    const thread = await codex.startThread({ tools: [lookUp(never)], onApproval: never });
    const running = thread.run("go");
    await settle();
    expect(telemetry.spans.length).toBeLessThan(telemetry.started);
    instrumentation.dispose();
    instrumentation.dispose();
    expect(telemetry.spans).toHaveLength(telemetry.started);
    const { started } = telemetry;
    runtime.send(turnCompleted());
    await running;
    await thread.read().catch(() => undefined);
    expect(telemetry.started).toBe(started);
    expect(client.received("thread/read").at(-1)).not.toHaveProperty("trace");
  });

  it("records the tokens of a turn and the duration of turns and tool calls", async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const meterProvider = new MeterProvider({ readers: [reader] });
    using _instrumentation = await instrumentCodex({ meterProvider });
    await using client = await scriptedClient(SCRIPT);
    const { codex, runtime } = client;
    const failing = lookUp(() => {
      throw new Error("nothing there");
    });
    const thread = await codex.startThread({ tools: [failing], onApproval: () => "accept" });
    const running = thread.run("go");
    await settle();
    runtime.send(usageUpdated(42), turnCompleted());
    await running;
    await reader.forceFlush();
    const found = exporter.getMetrics().flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap(({ metrics }) =>
        metrics.flatMap(({ descriptor, dataPoints }) =>
          dataPoints.map(({ attributes, value }) => ({
            name: descriptor.name,
            unit: descriptor.unit,
            attributes,
            count: Reflect.get(Object(value), "count"),
            sum: Reflect.get(Object(value), "sum"),
          })),
        ),
      ),
    );
    await meterProvider.shutdown();
    const ofTurn = {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.provider.name": "azure",
      "gen_ai.agent.name": "codex",
      "gen_ai.request.model": "gpt-5",
    };
    const tokens = { name: "gen_ai.client.token.usage", unit: "{token}", count: 1 };
    const seconds = {
      name: "gen_ai.client.operation.duration",
      unit: "s",
      count: 1,
      sum: expect.any(Number),
    };
    expect(found).toHaveLength(4);
    expect(found).toEqual(
      expect.arrayContaining([
        { ...tokens, attributes: { ...ofTurn, "gen_ai.token.type": "input" }, sum: 42 },
        { ...tokens, attributes: { ...ofTurn, "gen_ai.token.type": "output" }, sum: 0 },
        { ...seconds, attributes: ofTurn },
        {
          ...seconds,
          attributes: {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "look_up",
            "error.type": "tool_error",
          },
        },
      ]),
    );
  });
});
