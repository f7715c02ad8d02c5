import type { JsonValue, TurnStartParams, TurnSteerParams } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { checkJson } from "../../internal/checkJson.js";
import {
  checkBoolean,
  checkDuration,
  checkOneOf,
  checkOptions,
  checkSignal,
  checkTexts,
  optionsOf,
} from "../../internal/validate.js";
import { type ApprovalMode, toApprovalFields } from "../approvals/approvalMode.js";
import {
  checkEnvironments,
  type EnvironmentOptions,
  toEnvironmentFields,
} from "../environments/environmentSelection.js";
import type { TurnInput } from "../input.js";
import type { OutputSchema } from "../output/outputSchema.js";
import { checkSandbox, type SandboxOptions } from "../sandbox.js";
import { definedOnly, type WireOptions } from "../wireOptions.js";

/** Treatment of a turn for a thread that is busy with another one. */
export type WhenBusy =
  /**
   * Adds the input to the active turn (`turn/steer`), and gives a handle on that. An option that only a
   * new turn takes, such as `model` or `sandbox`, is refused then with an `InvalidOptionError`.
   */
  | "steer"
  /** Starts once the active turn, and those that wait before this one, have ended. */
  | "queue";

/** Wire fields of `turn/start` that the high-level API gives another form. */
type Routed =
  | "threadId"
  | "input"
  | "approvalPolicy"
  | "approvalsReviewer"
  | "sandboxPolicy"
  | "outputSchema"
  | "toolOutput"
  | "turnTrigger"
  // For authorised programs of the provider only: the low-level client sends it.
  | "cyberAccessProgram";

/** Wire fields that `TurnOptions` declares with comments of its own. */
type Declared = "environments" | "model" | "effort" | "summary" | "cwd";

/** The options of `run` and `turn` (`turn/start`). Settings such as `model` or `sandbox` stay for later turns. */
export interface TurnOptions<Schema extends OutputSchema | undefined = OutputSchema | undefined>
  extends WireOptions<TurnStartParams, Routed | Declared>, SandboxOptions, EnvironmentOptions {
  /** Model from this turn on, by its name in `codex.models()`. Defaults to the thread's. */
  readonly model?: TurnStartParams["model"] | undefined;
  /** Reasoning effort from this turn on, one of the model's in `codex.models()`. Defaults to the thread's. */
  readonly effort?: TurnStartParams["effort"] | undefined;
  /** Summary of the reasoning from this turn on. Defaults to the thread's, or to the configuration's. */
  readonly summary?: TurnStartParams["summary"] | undefined;
  /**
   * Working directory of commands from this turn on, which must exist. A relative path counts from the
   * `cwd` of the client. Defaults to the thread's.
   */
  readonly cwd?: TurnStartParams["cwd"] | undefined;
  /** Id of the application for the user's message; the stored item has it as `clientId`. The runtime does not compare such ids: the same one twice gives two turns. */
  readonly clientUserMessageId?: TurnStartParams["clientUserMessageId"] | undefined;
  /** Reviewer of what goes beyond the sandbox, from this turn on. */
  readonly approvalMode?: ApprovalMode | undefined;
  /**
   * The form of the final answer: a JSON Schema, or a Standard Schema, which also types and parses `output`.
   *
   * @example
   * ```ts
   * const outputSchema = z.object({ files: z.array(z.string()) });
   * const result = await thread.run("Which files have no tests?", { outputSchema });
   * if (result.status === "completed") console.log(result.output.files);
   * ```
   */
  readonly outputSchema?: Schema;
  /** Treatment of the turn when the thread is busy. Left out: `ThreadBusyError`. */
  readonly whenBusy?: WhenBusy | undefined;
  /** Longest time without an event, in milliseconds. A turn that the runtime does not report as ended by then is interrupted, and the result rejects with a `TurnTimeoutError`. Off by default: a silent command may take long. */
  readonly idleTimeoutMs?: number | undefined;
  /** Aborting interrupts the turn on the runtime, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time limit of the turn, from the call on, in milliseconds: the turn is interrupted then, and the
   * result rejects with a `TurnTimeoutError`. A turn that has not been started by then rejects with a
   * `RequestTimeoutError`. Off by default.
   */
  readonly timeoutMs?: number | undefined;
}

const WHEN_BUSY: readonly unknown[] = ["steer", "queue"] satisfies readonly WhenBusy[];

const TURN_OPTIONS = optionsOf<TurnOptions>({
  approvalMode: true,
  whenBusy: (name, value) => checkOneOf(name, value, WHEN_BUSY),
  sandbox: checkSandbox,
  networkAccess: checkBoolean,
  additionalDirectories: checkTexts,
  cwd: true,
  model: true,
  effort: true,
  summary: true,
  personality: true,
  serviceTier: true,
  // prepareOutput checks it: a schema may be an object or a function.
  outputSchema: () => {},
  idleTimeoutMs: checkDuration,
  signal: checkSignal,
  timeoutMs: checkDuration,
  disabledPluginIds: true,
  clientUserMessageId: true,
  parentTurnId: true,
  rootTurnId: true,
  responsesapiClientMetadata: checkJson,
  responsesapiClientMetadataPatch: checkJson,
  additionalContext: checkJson,
  environments: checkEnvironments,
  runtimeWorkspaceRoots: true,
  permissions: true,
  serviceTierForTurn: true,
  collaborationMode: checkJson,
  multiAgentMode: true,
});

/** Members that `turn/steer` has in common with `turn/start`. */
export const STEER_MEMBERS = [
  "clientUserMessageId",
  "additionalContext",
  "responsesapiClientMetadata",
  "responsesapiClientMetadataPatch",
] as const satisfies readonly (keyof TurnStartParams & keyof TurnOptions & keyof TurnSteerParams)[];

/** Options of the call, and those that `turn/steer` has, too. All others are settled when a turn starts. */
const STEER_OPTIONS: ReadonlySet<string> = new Set<keyof TurnOptions>([
  "whenBusy",
  "idleTimeoutMs",
  "signal",
  "timeoutMs",
  ...STEER_MEMBERS,
]);

/** Returns the first option that a turn which runs already does not take; `undefined` without one. */
export function startOnlyOption(options: TurnOptions): string | undefined {
  return Object.entries(options).find(
    ([name, value]) => value !== undefined && !STEER_OPTIONS.has(name),
  )?.[0];
}

/** Checks the options of a turn, before anything else is done with them. */
export function checkTurnOptions(options: unknown): void {
  checkOptions("a turn", options, TURN_OPTIONS);
}

/** Makes the params of `turn/start`: an option that is left out keeps the thread's setting. */
export function toTurnParams(
  threadId: string,
  input: TurnInput,
  options: TurnOptions,
  outputSchema: JsonValue | undefined,
): TurnStartParams {
  const {
    approvalMode,
    sandbox: _sandbox,
    networkAccess: _networkAccess,
    additionalDirectories: _additionalDirectories,
    outputSchema: _schema,
    whenBusy,
    idleTimeoutMs: _idleTimeoutMs,
    signal: _signal,
    timeoutMs: _timeoutMs,
    environments,
    ...rest
  } = options;
  if (whenBusy === "steer" && outputSchema !== undefined) {
    throw new InvalidOptionError(
      "whenBusy",
      `"steer" adds to a turn that was started without this outputSchema; use "queue", or leave one of the two out.`,
    );
  }
  return definedOnly({
    threadId,
    ...input,
    ...rest,
    ...toApprovalFields({ approvalMode }),
    ...toEnvironmentFields({ environments }),
    outputSchema,
  });
}
