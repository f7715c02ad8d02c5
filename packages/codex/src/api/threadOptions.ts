import type { ThreadForkParams, ThreadResumeParams, ThreadStartParams } from "@openai/codex-types";

import { InvalidOptionError } from "../errors.js";
import { checkJson } from "../internal/checkJson.js";
import { isObject } from "../internal/isObject.js";
import {
  checkWellFormed,
  checkBoolean,
  checkFunction,
  checkObject,
  checkOneOf,
  checkOptions,
  checkText,
  checkTexts,
  isGiven,
  optionsOf,
  readGiven,
} from "../internal/validate.js";
import { REQUEST_CHECKS } from "../rpc/requestOptions.js";
import { ApprovalMode, toApprovalFields } from "./approvals/approvalMode.js";
import {
  type CommonThreadOptions,
  type RoutingOptions,
  WEB_SEARCH,
} from "./commonThreadOptions.js";
import {
  checkEnvironments,
  type EnvironmentOptions,
  toEnvironmentFields,
} from "./environments/environmentSelection.js";
import { checkInputLength } from "./inputLength.js";
import { checkSandbox } from "./sandbox.js";
import type { AnyTool } from "./tools/tools.js";
import { definedOnly, type WireOptions } from "./wireOptions.js";

/** Wire fields that the high-level API gives another form. */
type Routed = "threadId" | "approvalPolicy" | "approvalsReviewer" | "sandbox" | "dynamicTools";

/** Wire fields that the interfaces below declare with comments of their own. */
type Declared = keyof CommonThreadOptions | "environments" | "developerInstructions" | "ephemeral";

/** Wire fields for the runtime's own tests and services. The low-level client sends them. */
type Internal = "mockExperimentalField" | "experimentalRawEvents";

/** The options of `startThread` (`thread/start`). */
export interface StartThreadOptions
  extends
    WireOptions<ThreadStartParams, Routed | Declared | Internal>,
    RoutingOptions,
    EnvironmentOptions {
  /** Instructions of the application for the model, which the thread keeps. Cannot be changed later. */
  readonly developerInstructions?: ThreadStartParams["developerInstructions"] | undefined;
  /** Name of the application's service, for the telemetry of the runtime. Does not reach the model, and is not stored. */
  readonly serviceName?: ThreadStartParams["serviceName"] | undefined;
  /** Source that `SessionStart` hooks receive: `startup`, or `clear` for a thread that replaces another one. Defaults to `startup`. */
  readonly sessionStartSource?: ThreadStartParams["sessionStartSource"] | undefined;
  /**
   * True if the thread is not stored: it ends with the runtime.
   *
   * @default false
   */
  readonly ephemeral?: ThreadStartParams["ephemeral"] | undefined;
  /**
   * Functions of the application that the model may call. Needs `experimentalApi`. Defaults to the
   * `tools` of `new Codex()`.
   */
  readonly tools?: readonly AnyTool[] | undefined;
}

/** The options of `resumeThread` (`thread/resume`). */
export interface ResumeThreadOptions
  extends WireOptions<ThreadResumeParams, Routed | Declared>, RoutingOptions {
  /**
   * Functions of the tools that the thread was started with, which do not outlive a process. A tool that
   * the thread does not have cannot be added. Defaults to the `tools` of `new Codex()`.
   */
  readonly tools?: readonly AnyTool[] | undefined;
}

/** The options of `forkThread` (`thread/fork`). */
export interface ForkThreadOptions
  extends WireOptions<ThreadForkParams, Routed | Declared>, RoutingOptions {
  /**
   * True if the fork is not stored.
   *
   * @default false
   */
  readonly ephemeral?: ThreadForkParams["ephemeral"] | undefined;
  /**
   * Functions of the tools that the source was started with. A tool that the source does not have
   * cannot be added. Defaults to those of the source, or to the `tools` of `new Codex()`.
   */
  readonly tools?: readonly AnyTool[] | undefined;
}

const ROUTING = {
  ...REQUEST_CHECKS,
  approvalMode: true,
  onApproval: checkFunction,
  // The handlers check them: a tool has functions.
  tools: () => {},
  sandbox: checkSandbox,
  networkAccess: checkBoolean,
  additionalDirectories: checkTexts,
  effort: checkText,
  webSearch: (name: string, value: unknown) => checkOneOf(name, value, WEB_SEARCH),
  config: (name: string, value: unknown) => {
    if (value === null) return;
    checkObject(name, value);
    checkJson(name, value);
  },
} as const;

/** Text for the model, which has the limit of its input. */
function checkInstructionText(name: string, value: unknown): void {
  if (value === null) return;
  checkWellFormed(name, value);
  checkInputLength(name, [value]);
}

const START_OPTIONS = optionsOf<StartThreadOptions>({
  ...ROUTING,
  model: true,
  modelProvider: true,
  cwd: true,
  baseInstructions: checkInstructionText,
  developerInstructions: checkInstructionText,
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
  environments: checkEnvironments,
  selectedCapabilityRoots: true,
});

const RESUME_OPTIONS = optionsOf<ResumeThreadOptions>({
  ...ROUTING,
  model: true,
  modelProvider: true,
  cwd: true,
  baseInstructions: checkInstructionText,
  personality: true,
  serviceTier: true,
  history: checkJson,
  path: true,
  runtimeWorkspaceRoots: true,
  permissions: true,
  excludeTurns: true,
  initialTurnsPage: true,
});

const FORK_OPTIONS = optionsOf<ForkThreadOptions>({
  ...ROUTING,
  model: true,
  modelProvider: true,
  cwd: true,
  baseInstructions: checkInstructionText,
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

/** Checks the options of a new thread, before anything else is done with them. */
export function checkStartOptions(options: unknown): void {
  checkOptions("startThread", options, START_OPTIONS);
}

/** Checks the options of a resume, before anything else is done with them. */
export function checkResumeOptions(options: unknown): void {
  checkInstructions("resumeThread", options);
  checkOptions("resumeThread", options, RESUME_OPTIONS);
}

/** Checks the options of a fork, before anything else is done with them. */
export function checkForkOptions(options: unknown): void {
  checkInstructions("forkThread", options);
  checkOptions("forkThread", options, FORK_OPTIONS);
}

/** The params of `thread/start`: a new thread is reviewed automatically unless another reviewer is given. */
export function toStartParams(options: StartThreadOptions): ThreadStartParams {
  const byDefault =
    options.onApproval === undefined ? { approvalMode: ApprovalMode.autoReview } : {};
  const { environments, ...rest } = definedOnly(options);
  return { ...toRoutedParams({ ...byDefault, ...rest }), ...toEnvironmentFields({ environments }) };
}

/** The params of `thread/resume`: an omitted option keeps the thread's setting. */
export function toResumeParams(threadId: string, options: ResumeThreadOptions): ThreadResumeParams {
  return toRoutedParams({ ...definedOnly(options), threadId });
}

/** The params of `thread/fork`: an omitted option keeps the source's setting. */
export function toForkParams(threadId: string, options: ForkThreadOptions): ThreadForkParams {
  return toRoutedParams({ ...definedOnly(options), threadId });
}

/** The runtime accepts these instructions for a thread with a history, and never sends them to the model. */
function checkInstructions(method: string, options: unknown): void {
  const name = "developerInstructions";
  if (!isObject(options) || !isGiven(readGiven(name, () => options[name]))) return;
  throw new InvalidOptionError(
    "developerInstructions",
    `have no effect in ${method}: the runtime does not send them to the model; call thread.inject() with an item of the role "developer" on the returned thread.`,
  );
}

/** Builds the routing options in the form of the wire, beside the others as they are. */
function toRoutedParams<
  Options extends RoutingOptions & { readonly config?: unknown; readonly tools?: unknown },
>(options: Options) {
  const {
    approvalMode,
    onApproval,
    effort,
    webSearch,
    tools: _tools,
    networkAccess: _networkAccess,
    additionalDirectories: _additionalDirectories,
    signal: _signal,
    timeoutMs: _timeoutMs,
    ...rest
  } = options;
  return {
    ...rest,
    ...toConfig(options.config, { model_reasoning_effort: effort, web_search: webSearch }),
    ...toApprovalFields({ approvalMode, onApproval }),
  };
}

const OPTION_OF_KEY = { model_reasoning_effort: "effort", web_search: "webSearch" } as const;

/** Adds options that the wire has as keys of `config`. */
function toConfig(
  config: unknown,
  values: Readonly<Record<keyof typeof OPTION_OF_KEY, string | undefined>>,
): { readonly config?: ThreadStartParams["config"] } {
  const added = definedOnly(values);
  const given = isObject(config) ? config : {};
  for (const [key, option] of Object.entries(OPTION_OF_KEY)) {
    if (!Object.hasOwn(added, key) || given[key] === undefined) continue;
    throw new InvalidOptionError(option, `is also given as config.${key}; pass one of the two.`);
  }
  if (Object.keys(added).length === 0) return {};
  // SAFETY: the members of `config` are JSON values by its type; the added ones are strings.
  return { config: { ...given, ...added } as NonNullable<ThreadStartParams["config"]> };
}
