// The surface of `@openai/codex/otel`: spans and metrics of OpenTelemetry for what the SDK does.

export {
  type CodexInstrumentation,
  instrumentCodex,
  type InstrumentCodexOptions,
  type MeterSource,
  type TracerSource,
} from "./instrumentCodex.js";
