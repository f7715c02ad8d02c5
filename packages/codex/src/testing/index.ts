// The surface of `@openai/codex/testing`: the real runtime in tests, without network and key.

export type { ConfigTable } from "./mergeConfig.js";
export { Gate } from "./gate.js";
export { type Harness, type HarnessOptions, startHarness } from "./harness.js";
export { type FunctionCallOutput, ModelRequest, type ReceivedRequest } from "./modelRequest.js";
export type { ReviewMode } from "./reviews.js";
export {
  type Responder,
  SCRIPTED_MODEL_NAME,
  ScriptedModel,
  type ScriptedModelOptions,
} from "./scriptedModel.js";
export {
  destroySocket,
  type DestroySocketStep,
  failure,
  type FailureStep,
  httpStatus,
  type HttpStatusOptions,
  type HttpStatusStep,
  truncation,
  type TruncationStep,
} from "./steps/endingSteps.js";
export {
  message,
  type MessageOptions,
  type MessageStep,
  streamedMessage,
  type StreamedMessageStep,
  type StreamPart,
} from "./steps/messageSteps.js";
export { delay, type DelayStep } from "./steps/pauseSteps.js";
export { rawSse, type RawSseStep } from "./steps/rawSseStep.js";
export { reasoning, type ReasoningOptions, type ReasoningStep } from "./steps/reasoningStep.js";
export type { MessagePhase, ScriptedUsage } from "./steps/responsesEvents.js";
export type { ScriptStep } from "./steps/stepKinds.js";
export {
  applyPatch,
  functionCall,
  type FunctionCallOptions,
  type FunctionCallStep,
  shellCall,
} from "./steps/toolCallSteps.js";
export { usage, type UsageStep } from "./steps/usageStep.js";
export { type ThreadStoreContract, threadStoreContracts } from "./threadStoreContracts.js";
