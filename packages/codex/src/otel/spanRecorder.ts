import type { Attributes, Context, Span, SpanKind, Tracer } from "@opentelemetry/api";

import { isObject } from "../internal/isObject.js";
import type { TraceContext } from "../rpc/requestOptions.js";
import type { OperationTrace } from "../tracing/traces.js";
import { errorAttributes } from "./attributes.js";
import type { OpenTelemetry } from "./openTelemetry.js";

/** Description of a span at its start. */
export interface SpanStart {
  readonly name: string;
  readonly kind: keyof typeof SpanKind;
  readonly attributes: Attributes;
}

interface OpenSpan {
  readonly span: Span;
  readonly context: Context;
  /** Key of a turn in the map of open turns; `undefined` for any other span. */
  readonly turnOf: string | undefined;
}

/** A span for each operation, from its start to its end. */
export class SpanRecorder {
  readonly #api: OpenTelemetry;
  readonly #tracer: Tracer;
  /** Spans that have not ended. Every operation of the SDK ends, and takes its span out. */
  readonly #open = new Map<OperationTrace, OpenSpan>();
  /** The open turn of each thread, for work that the runtime causes outside of the turn's context. */
  readonly #turns = new Map<string, OpenSpan>();

  constructor(api: OpenTelemetry, tracer: Tracer) {
    this.#api = api;
    this.#tracer = tracer;
  }

  /** Number of spans that have not ended. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Starts the span of an operation. Its parent is the active span, else that of the thread's turn.
   * `turnOf` names the thread of a turn.
   */
  start(
    trace: OperationTrace,
    { name, kind, attributes }: SpanStart,
    threadId?: string,
    turnOf?: string,
  ): Span {
    const { trace: traces, SpanKind } = this.#api;
    const parent = this.#parentFor(threadId);
    const span = this.#tracer.startSpan(name, { kind: SpanKind[kind], attributes }, parent);
    const opened = { span, context: traces.setSpan(parent, span), turnOf };
    this.#open.set(trace, opened);
    if (turnOf !== undefined) this.#turns.set(turnOf, opened);
    return span;
  }

  /** Runs the operation with its span as the active one. */
  activate(trace: OperationTrace): void {
    const opened = this.#open.get(trace);
    if (opened === undefined) return;
    const { context } = this.#api;
    const inner = trace.around;
    trace.around = (operation) =>
      context.with(opened.context, () => (inner === undefined ? operation() : inner(operation)));
  }

  /** Ends the span of an operation, with its error if it has one. */
  end(trace: OperationTrace, attributes: Attributes = {}): void {
    const opened = this.#open.get(trace);
    if (opened === undefined) return;
    this.#remove(trace, opened);
    const { span } = opened;
    const failure = errorAttributes(trace);
    span.setAttributes({ ...attributes, ...failure });
    if (Object.keys(failure).length > 0) {
      const { error } = trace;
      const { message } = isObject(error) ? error : {};
      span.setStatus({
        code: this.#api.SpanStatusCode.ERROR,
        ...(typeof message === "string" ? { message } : {}),
      });
    }
    span.end();
  }

  /** Ends each span that is open. */
  endAll(): void {
    for (const [trace, opened] of this.#open) {
      this.#remove(trace, opened);
      opened.span.end();
    }
  }

  /** Returns the trace context of a span, as the runtime takes it; `undefined` where nobody traces. */
  traceContextOf(span: Span): TraceContext | undefined {
    const context = span.spanContext();
    if (!this.#api.isSpanContextValid(context)) return undefined;
    const { traceId, spanId, traceFlags, traceState } = context;
    const flags = (traceFlags & 0xff).toString(16).padStart(2, "0");
    const tracestate = traceState?.serialize();
    return {
      traceparent: `00-${traceId}-${spanId}-${flags}`,
      tracestate: tracestate === "" ? undefined : tracestate,
    };
  }

  #parentFor(threadId: string | undefined): Context {
    const { context, trace } = this.#api;
    const active = context.active();
    if (threadId === undefined || trace.getSpanContext(active) !== undefined) return active;
    return this.#turns.get(threadId)?.context ?? active;
  }

  #remove(trace: OperationTrace, opened: OpenSpan): void {
    this.#open.delete(trace);
    const { turnOf } = opened;
    if (turnOf !== undefined && this.#turns.get(turnOf) === opened) this.#turns.delete(turnOf);
  }
}
