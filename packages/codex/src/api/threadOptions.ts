import type {
  ThreadForkParams,
  ThreadListParams,
  ThreadResumeParams,
  ThreadStartParams,
} from "@openai/codex-types";

import { checkOptions, optionsOf } from "../internal/validate.js";
import { ApprovalMode, toApprovalFields } from "./approvals/approvalMode.js";
import type { ApprovalHandler } from "./approvals/approvals.js";
import { type Sandbox, toSandboxMode } from "./sandbox.js";
import type { AnyTool } from "./tools/tools.js";
import { definedOnly, type WireOptions } from "./wireOptions.js";

/** Wire fields that the high-level API gives another form. */
type Routed = "threadId" | "approvalPolicy" | "approvalsReviewer" | "sandbox" | "dynamicTools";

interface RoutingOptions {
  /** Who decides about what goes beyond the sandbox. New threads default to `auto_review`; otherwise what is set stays. */
  readonly approvalMode?: ApprovalMode | undefined;
  /** Makes the application the one who decides, in place of `approvalMode`. */
  readonly onApproval?: ApprovalHandler | undefined;
  /** What commands may touch. Left out: the runtime's configuration, or what the thread has. */
  readonly sandbox?: Sandbox | undefined;
}

/** The options of `startThread` (`thread/start`). */
export interface StartThreadOptions
  extends WireOptions<ThreadStartParams, Routed | "mockExperimentalField">, RoutingOptions {
  /** Functions of the application that the model may call. Needs `experimentalApi`. */
  readonly tools?: readonly AnyTool[] | undefined;
}

/** The options of `resumeThread` (`thread/resume`). */
export interface ResumeThreadOptions
  extends WireOptions<ThreadResumeParams, Routed>, RoutingOptions {
  /** The thread's tools, whose functions do not outlive a process. */
  readonly tools?: readonly AnyTool[] | undefined;
}

/** The options of `forkThread` (`thread/fork`). */
export interface ForkThreadOptions extends WireOptions<ThreadForkParams, Routed>, RoutingOptions {
  /** The forked thread's tools; it has those of its source by their specification alone. */
  readonly tools?: readonly AnyTool[] | undefined;
}

/** The options of `listThreads` and `iterateThreads` (`thread/list`). */
export type ListThreadsOptions = WireOptions<ThreadListParams>;

const START_OPTIONS = optionsOf<StartThreadOptions>({
  approvalMode: true,
  onApproval: true,
  tools: true,
  sandbox: true,
  model: true,
  modelProvider: true,
  cwd: true,
  config: true,
  baseInstructions: true,
  developerInstructions: true,
  ephemeral: true,
  personality: true,
  serviceName: true,
  serviceTier: true,
  sessionStartSource: true,
  threadSource: true,
  allowProviderModelFallback: true,
  runtimeWorkspaceRoots: true,
  permissions: true,
  multiAgentMode: true,
  historyMode: true,
  projectId: true,
  daybreakEnabled: true,
  environments: true,
  selectedCapabilityRoots: true,
  experimentalRawEvents: true,
});

const RESUME_OPTIONS = optionsOf<ResumeThreadOptions>({
  approvalMode: true,
  onApproval: true,
  tools: true,
  sandbox: true,
  model: true,
  modelProvider: true,
  cwd: true,
  config: true,
  baseInstructions: true,
  developerInstructions: true,
  personality: true,
  serviceTier: true,
  history: true,
  path: true,
  runtimeWorkspaceRoots: true,
  permissions: true,
  excludeTurns: true,
  initialTurnsPage: true,
});

const FORK_OPTIONS = optionsOf<ForkThreadOptions>({
  approvalMode: true,
  onApproval: true,
  tools: true,
  sandbox: true,
  model: true,
  modelProvider: true,
  cwd: true,
  config: true,
  baseInstructions: true,
  developerInstructions: true,
  ephemeral: true,
  serviceTier: true,
  threadSource: true,
  lastTurnId: true,
  beforeTurnId: true,
  path: true,
  runtimeWorkspaceRoots: true,
  permissions: true,
  excludeTurns: true,
  attachToSource: true,
  deferGoalContinuation: true,
  experimentalPredictionMode: true,
  experimentalDisablePredictionMcp: true,
});

const LIST_OPTIONS = optionsOf<ListThreadsOptions>({
  archived: true,
  cursor: true,
  cwd: true,
  limit: true,
  modelProviders: true,
  searchTerm: true,
  sortDirection: true,
  sortKey: true,
  sourceKinds: true,
  useStateDbOnly: true,
  includeAttachedThreads: true,
  currentAccountOnly: true,
  includedThreadIds: true,
  excludedThreadIds: true,
  originators: true,
  sectionId: true,
  projectId: true,
  parentThreadId: true,
  ancestorThreadId: true,
  attachedToThreadId: true,
});

/** The params of `thread/start`: a new thread is reviewed automatically unless told otherwise. */
export function toStartParams(options: StartThreadOptions): ThreadStartParams {
  checkOptions("startThread", options, START_OPTIONS);
  const { tools: _tools, onApproval, ...rest } = options;
  const byDefault = onApproval === undefined ? { approvalMode: ApprovalMode.autoReview } : {};
  return toRoutedParams({ ...byDefault, ...definedOnly(rest) }, onApproval);
}

/** The params of `thread/resume`: what is not given stays as the thread has it. */
export function toResumeParams(threadId: string, options: ResumeThreadOptions): ThreadResumeParams {
  checkOptions("resumeThread", options, RESUME_OPTIONS);
  const { tools: _tools, onApproval, ...rest } = options;
  return toRoutedParams({ ...definedOnly(rest), threadId }, onApproval);
}

/** The params of `thread/fork`: what is not given stays as the source thread has it. */
export function toForkParams(threadId: string, options: ForkThreadOptions): ThreadForkParams {
  checkOptions("forkThread", options, FORK_OPTIONS);
  const { tools: _tools, onApproval, ...rest } = options;
  return toRoutedParams({ ...definedOnly(rest), threadId }, onApproval);
}

/** The routing options in the form of the wire, beside the others as they are. */
function toRoutedParams<Options extends Pick<RoutingOptions, "approvalMode" | "sandbox">>(
  options: Options,
  onApproval: ApprovalHandler | undefined,
) {
  const { approvalMode, sandbox, ...rest } = options;
  return {
    ...rest,
    ...toApprovalFields({ approvalMode, onApproval }),
    ...toSandboxMode(sandbox),
  };
}

/** The params of `thread/list`. */
export function toListParams(options: ListThreadsOptions): ThreadListParams {
  checkListOptions(options);
  return definedOnly(options);
}

/** Checks the options of `listThreads` and `iterateThreads`. */
export function checkListOptions(options: unknown): void {
  checkOptions("listThreads", options, LIST_OPTIONS);
}
