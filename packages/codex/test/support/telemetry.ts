import { context, metrics, propagation, trace } from "@opentelemetry/api";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-node";

/** OpenTelemetry in this process, with its context manager, until it is disposed of. */
export class Telemetry implements AsyncDisposable {
  readonly #exporter = new InMemorySpanExporter();
  readonly provider: NodeTracerProvider;
  #started = 0;

  constructor({ hasContextManager = true } = {}) {
    const counting: SpanProcessor = {
      onStart: () => void (this.#started += 1),
      onEnd: () => {},
      forceFlush: async () => {},
      shutdown: async () => {},
    };
    const spanProcessors = [counting, new SimpleSpanProcessor(this.#exporter)];
    this.provider = new NodeTracerProvider({ spanProcessors });
    if (hasContextManager) this.provider.register();
  }

  /** Number of spans that were started. */
  get started(): number {
    return this.#started;
  }

  /** The spans that have ended. */
  get spans(): readonly ReadableSpan[] {
    return this.#exporter.getFinishedSpans();
  }

  /** The one span of a name that has ended. */
  span(name: string): ReadableSpan {
    const [found, ...others] = this.spans.filter((span) => span.name === name);
    if (found === undefined || others.length > 0) {
      const names = this.spans.map((span) => span.name).join(", ");
      throw new Error(`There is not one span ${name}: ${names}`);
    }
    return found;
  }

  /** Runs a function in a span of its own, as the handler of a web request does. */
  inSpan<T>(name: string, body: () => Promise<T>): Promise<T> {
    return this.provider.getTracer("test").startActiveSpan(name, async (span) => {
      try {
        return await body();
      } finally {
        span.end();
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    trace.disable();
    context.disable();
    propagation.disable();
    metrics.disable();
    await this.provider.shutdown();
  }
}
