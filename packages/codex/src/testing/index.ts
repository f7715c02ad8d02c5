// The surface of `@openai/codex/testing`: the real runtime in tests, with no network and no key.

export type { ConfigTable } from "./configToml.js";
export { Gate } from "./gate.js";
export { type Harness, type HarnessOptions, startHarness } from "./harness.js";
export { type FunctionCallOutput, ModelRequest, type ReceivedRequest } from "./modelRequest.js";
export type { MessagePhase, ScriptedUsage } from "./responsesEvents.js";
export { type Responder, SCRIPTED_MODEL_NAME, ScriptedModel } from "./scriptedModel.js";
export {
  delay,
  type DelayStep,
  destroySocket,
  type DestroySocketStep,
  failure,
  type FailureStep,
  functionCall,
  type FunctionCallOptions,
  type FunctionCallStep,
  httpStatus,
  type HttpStatusOptions,
  type HttpStatusStep,
  message,
  type MessageOptions,
  type MessageStep,
  rawSse,
  type RawSseStep,
  reasoning,
  type ReasoningStep,
  type ScriptStep,
  shellCall,
  streamedMessage,
  type StreamedMessageStep,
  type StreamPart,
  truncation,
  type TruncationStep,
  usage,
  type UsageStep,
} from "./steps.js";
