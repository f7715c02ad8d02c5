/// <reference lib="esnext.disposable" preserve="true" />
import type { Meter, Tracer } from "@opentelemetry/api";

import { CODEX_VERSION } from "../client/version.js";
import { InvalidOptionError } from "../errors/codexError.js";
import { checkObject, checkOptions, optionsOf } from "../internal/validate.js";
import { recordMetrics } from "./metrics.js";
import { loadOpenTelemetry } from "./openTelemetry.js";
import { SpanRecorder } from "./spanRecorder.js";
import { recordSpans } from "./spans.js";

/**
 * Provider of tracers, as each `TracerProvider` of OpenTelemetry is. Declared here, so that the types of
 * this package do not need the optional peer.
 */
export interface TracerSource {
  /** Returns the tracer of a library. */
  getTracer(name: string, version?: string): object;
}

/** Provider of meters, as each `MeterProvider` of OpenTelemetry is. */
export interface MeterSource {
  /** Returns the meter of a library. */
  getMeter(name: string, version?: string): object;
}

/** Options of `instrumentCodex()`. */
export interface InstrumentCodexOptions {
  /** Provider of the tracer. Defaults to the global one, also if that is registered later. */
  readonly tracerProvider?: TracerSource | undefined;
  /** Provider of the meter. Defaults to the global one. */
  readonly meterProvider?: MeterSource | undefined;
}

/** Instrumentation that is in force, for every client of this process. */
export interface CodexInstrumentation extends Disposable {
  /** Ends the instrumentation, and each span that is still open. Idempotent. */
  dispose(): void;
}

const NAME = "@openai/codex";

const OPTIONS = optionsOf<InstrumentCodexOptions>({
  tracerProvider: (name, value) => checkProvider(name, value, "getTracer"),
  meterProvider: (name, value) => checkProvider(name, value, "getMeter"),
});

function checkProvider(name: string, value: unknown, method: "getTracer" | "getMeter"): void {
  checkObject(name, value);
  if (typeof Reflect.get(Object(value), method) === "function") return;
  throw new InvalidOptionError(
    name,
    `expected a provider of OpenTelemetry, with ${method}(); pass the provider itself, not its configuration.`,
  );
}

/**
 * Records spans and metrics of OpenTelemetry for all that the SDK does in this process, after the
 * conventions for generative AI, and passes the trace context on to the runtime. Needs the package
 * `@opentelemetry/api`. Call it once, before the first turn.
 *
 * @example
 * ```ts
 * const instrumentation = await instrumentCodex();
 * const { finalResponse } = await thread.run("Hello.");
 * console.log(finalResponse);
 * instrumentation.dispose();
 * ```
 *
 * @throws PeerMissingError when `@opentelemetry/api` is not installed; InvalidOptionError for an option
 * that is not a provider.
 */
export async function instrumentCodex(
  options: InstrumentCodexOptions = {},
): Promise<CodexInstrumentation> {
  checkOptions("instrumentCodex", options, OPTIONS);
  const { tracerProvider, meterProvider } = options;
  const api = await loadOpenTelemetry();
  // SAFETY: a provider of OpenTelemetry makes tracers and meters of its API.
  const tracer = (tracerProvider ?? api.trace).getTracer(NAME, CODEX_VERSION) as Tracer;
  // SAFETY: as above.
  const meter = (meterProvider ?? api.metrics).getMeter(NAME, CODEX_VERSION) as Meter;
  const recorder = new SpanRecorder(api, tracer);
  const stopMetrics = recordMetrics(meter);
  const stopSpans = recordSpans(recorder);
  const dispose = () => {
    stopMetrics();
    stopSpans();
    recorder.endAll();
  };
  return { dispose, [Symbol.dispose]: dispose };
}
