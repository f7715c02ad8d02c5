import type { JsonValue, TurnStartParams, UserInput } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { type ApprovalMode, toApprovalFields } from "../approvals/approvalMode.js";
import { checkOptions, namesOf } from "../knownOptions.js";
import type { OutputSchema } from "../output/outputSchema.js";
import { type Sandbox, toSandboxPolicy } from "../sandbox.js";
import { definedOnly, type WireOptions } from "../threadOptions.js";

/** What becomes of a turn for a thread that is busy with another one. */
export type WhenBusy =
  /** Adds the input to the active turn (`turn/steer`), and gives a handle on that. */
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
  | "outputSchema";

/** The options of `run` and `turn` (`turn/start`). Settings such as `model` or `sandbox` stay for later turns. */
export interface TurnOptions<
  Schema extends OutputSchema | undefined = OutputSchema | undefined,
> extends WireOptions<TurnStartParams, Routed> {
  /** Who decides about what goes beyond the sandbox, from this turn on. */
  readonly approvalMode?: ApprovalMode | undefined;
  /** What commands may touch, from this turn on. */
  readonly sandbox?: Sandbox | undefined;
  /** The form of the final answer: a JSON Schema, or a Standard Schema, which also types and parses `output`. */
  readonly outputSchema?: Schema;
  /** What to do when the thread is busy. Left out: `ThreadBusyError`. */
  readonly whenBusy?: WhenBusy | undefined;
  /** How long no event may come before the thread is re-read, in milliseconds. Off by default: a silent command may take long. */
  readonly idleTimeoutMs?: number | undefined;
  /** Aborting interrupts the turn on the runtime, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const TURN_NAMES = namesOf<TurnOptions>({
  approvalMode: true,
  whenBusy: true,
  sandbox: true,
  cwd: true,
  model: true,
  effort: true,
  summary: true,
  personality: true,
  serviceTier: true,
  outputSchema: true,
  idleTimeoutMs: true,
  signal: true,
  disabledPluginIds: true,
  clientUserMessageId: true,
  turnTrigger: true,
  parentTurnId: true,
  rootTurnId: true,
  toolOutput: true,
  responsesapiClientMetadata: true,
  responsesapiClientMetadataPatch: true,
  additionalContext: true,
  environments: true,
  runtimeWorkspaceRoots: true,
  permissions: true,
  serviceTierForTurn: true,
  collaborationMode: true,
  multiAgentMode: true,
  cyberAccessProgram: true,
});

/** The params of `turn/start`: what is not given stays as the thread has it. */
export function toTurnParams(
  threadId: string,
  input: UserInput[],
  options: TurnOptions,
  outputSchema: JsonValue | undefined,
): TurnStartParams {
  checkOptions("turn", options, TURN_NAMES);
  const {
    approvalMode,
    sandbox,
    outputSchema: _schema,
    whenBusy,
    idleTimeoutMs,
    signal: _signal,
    ...rest
  } = options;
  checkWhenBusy(whenBusy);
  if (whenBusy === "steer" && outputSchema !== undefined) {
    throw new InvalidOptionError(
      "whenBusy",
      `"steer" adds to a turn that was started without this outputSchema; use "queue", or leave one of the two out.`,
    );
  }
  checkIdleTimeout(idleTimeoutMs);
  return definedOnly({
    threadId,
    input,
    ...rest,
    ...toApprovalFields({ approvalMode }),
    ...toSandboxPolicy(sandbox),
    outputSchema,
  });
}

function checkWhenBusy(whenBusy: unknown): void {
  if (whenBusy === undefined || whenBusy === "steer" || whenBusy === "queue") return;
  throw new InvalidOptionError(
    "whenBusy",
    `${JSON.stringify(whenBusy)} is not supported; it must be one of: steer, queue.`,
  );
}

function checkIdleTimeout(idleTimeoutMs: unknown): void {
  if (idleTimeoutMs === undefined) return;
  if (typeof idleTimeoutMs === "number" && idleTimeoutMs > 0 && idleTimeoutMs < 2 ** 31) return;
  throw new InvalidOptionError(
    "idleTimeoutMs",
    `expected a positive number of milliseconds, not ${String(idleTimeoutMs)}.`,
  );
}
