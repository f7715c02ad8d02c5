// The public surface: named exports only, locked by test/architecture/publicSurface.test.ts.
export { Codex } from "./api/codex.js";
export type { CodexOptions } from "./api/codexOptions.js";
export type { Thread } from "./api/thread.js";
export type {
  AccountOptions,
  ListItemsOptions,
  ListTurnsOptions,
  ModelsOptions,
  ReadThreadOptions,
  WaitOptions,
} from "./api/readOptions.js";
export type {
  ConfigOptions,
  McpServersOptions,
  SearchThreadsOptions,
  SkillsOptions,
  UsageOptions,
} from "./api/serviceOptions.js";
export { fileThreadStore } from "./api/portable/fileThreadStore.js";
export type { ImportThreadOptions } from "./api/portable/importThread.js";
export type {
  BundleFile,
  CarriedSettings,
  ThreadBundle,
  ThreadManifest,
} from "./api/portable/threadBundle.js";
export type {
  AcquiredLease,
  HeldLease,
  LeaseOutcome,
  RefusedSave,
  SavedThread,
  SaveOutcome,
  StoredThreadData,
  ThreadLease,
  ThreadStore,
} from "./api/portable/threadStore.js";
export type { ThreadSettings } from "./api/settings/threadSettings.js";
export type { UpdateSettingsOptions } from "./api/settings/updateSettings.js";
export type { CommandResult, RunCommandOptions } from "./api/commands/runCommand.js";
export type { CommandOutputChunk } from "./api/commands/commandOutput.js";
export type { ChatgptTokens, LoginWithTokensOptions } from "./api/tokenLogin.js";
export type { RequestOptions } from "./rpc/requestOptions.js";
export type { TurnHandle } from "./api/turns/turnHandle.js";
export type {
  CompletedTurn,
  FailedTurn,
  InterruptedTurn,
  TurnFacts,
  TurnResult,
} from "./errors/turnResult.js";
export type { TurnErrorInfo } from "./errors/turnErrorInfo.js";
export { ApprovalMode } from "./api/approvals/approvalMode.js";
export {
  approvalsByKind,
  type ApprovalContext,
  type ApprovalHandler,
  type ApprovalHandlersByKind,
} from "./api/approvals/approvals.js";
export type {
  ApprovalDecision,
  ApprovalDecisions,
  CommandDecision,
  ElicitationDecision,
  FileChangeDecision,
  PermissionsDecision,
  UserInputDecision,
} from "./api/approvals/approvalDecision.js";
export type {
  ApprovalKind,
  ApprovalRequest,
  ApprovalRequestOf,
  CommandApprovalRequest,
  ElicitationRequest,
  FileChangeApprovalRequest,
  McpToolApproval,
  PermissionsApprovalRequest,
  UserInputRequest,
} from "./api/approvals/approvalRequest.js";
export { type AnyTool, tool, type ToolContext, type ToolDefinition } from "./api/tools/tools.js";
export {
  type ToolContent,
  toolImage,
  type ToolImageData,
  toolText,
} from "./api/tools/toolContent.js";
export type { ToolResult } from "./api/tools/toolResult.js";
export type { ToolInput, ToolInputSchema } from "./api/tools/toolSchema.js";
export type { AddEnvironmentOptions, EnvironmentInfo } from "./api/environments/addEnvironment.js";
export type {
  EnvironmentOptions,
  EnvironmentSelection,
} from "./api/environments/environmentSelection.js";
export {
  codexExecServer,
  type ExecServer,
  type ExecServerOptions,
} from "./api/environments/execServer.js";
export { Sandbox, type SandboxOptions } from "./api/sandbox.js";
export {
  type ExternalMessage,
  externalMessage,
  type ExternalMessageOptions,
} from "./api/externalMessage.js";
export {
  continueInput,
  type ContinueInput,
  imageInput,
  type InputItem,
  localImageInput,
  mentionInput,
  type RunInput,
  skillInput,
  textInput,
} from "./api/input.js";
export type { ChatgptLoginHandle, DeviceCodeLoginHandle, LoginHandle } from "./api/login.js";
export type { GoalHandle, GoalResult } from "./api/goals/goalHandle.js";
export type { GoalOptions } from "./api/goals/goalOptions.js";
export type { ListThreadsOptions } from "./api/listOptions.js";
export type { ReviewOptions } from "./api/turns/reviewThread.js";
export type {
  ForkThreadOptions,
  ResumeThreadOptions,
  StartThreadOptions,
} from "./api/threadOptions.js";
export type { TurnOptions, WhenBusy } from "./api/turns/turnOptions.js";
export type { JsonSchema, OutputOf, OutputSchema } from "./api/output/outputSchema.js";
export type {
  InferOutput,
  StandardIssue,
  StandardResult,
  StandardSchema,
} from "./api/output/standardSchema.js";
export { isRetryableError, retryOnOverload, type RetryOptions, runWithRetry } from "./api/retry.js";
export type { CodexDiagnostic } from "./client/diagnostics.js";
export type { InitializeMetadata } from "./client/handshake.js";
export type { ClientInfo } from "./client/options.js";
export type { LaunchOptions } from "./client/launchOptions.js";
export type { ConfigOverrides, ConfigValue } from "./client/configOverrides.js";
export type { ReconnectOptions } from "./client/reconnectPolicy.js";
export type { TransportTls } from "./client/tlsOptions.js";
export type { TransportOptions } from "./client/transportOptions.js";
export { CODEX_CHANNELS } from "./tracing/channels.js";
export type {
  ApprovalTrace,
  CloseTrace,
  CodexTraces,
  NotificationTrace,
  OperationTrace,
  RequestTrace,
  ServerRequestTrace,
  StartTrace,
  ToolTrace,
  TurnTrace,
} from "./tracing/traces.js";
export type { TraceContext } from "./rpc/requestOptions.js";
export { CODEX_VERSION } from "./client/version.js";
export {
  CodexClosedError,
  CodexError,
  type CodexErrorCode,
  CodexNotStartedError,
  InvalidOptionError,
  PeerMissingError,
} from "./errors/codexError.js";
export {
  CodexProtocolError,
  CodexStartError,
  type CodexStartErrorCode,
  type ExitFacts,
  type InterruptedTurnFacts,
  NotificationBacklogError,
  RequestOutcomeUnknownError,
  RequestTimeoutError,
  TransportClosedError,
} from "./errors/connectionErrors.js";
export { EnvironmentLostError } from "./errors/environmentErrors.js";
export {
  ThreadConflictError,
  ThreadLeasedError,
  ThreadLeaseLostError,
  ThreadNotPortableError,
  ThreadStoreError,
} from "./errors/portableErrors.js";
export { type SettingDifference, SettingsNotAppliedError } from "./errors/settingsErrors.js";
export {
  GoalStartTimeoutError,
  type OutputIssue,
  OutputValidationError,
  ThreadBusyError,
  TurnAlreadyConsumedError,
  TurnFailedError,
  TurnIncompleteError,
  TurnTimeoutError,
} from "./errors/turnErrors.js";
export {
  InternalRpcError,
  InvalidParamsError,
  InvalidRequestError,
  JsonRpcError,
  MethodNotFoundError,
  ParseError,
  RetryLimitExceededError,
  type RpcErrorFacts,
  ServerBusyError,
  ThreadInUseError,
  ThreadNotFoundError,
  ThreadNotStoredError,
} from "./rpc/rpcErrors.js";
