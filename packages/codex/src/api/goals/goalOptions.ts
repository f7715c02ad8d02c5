import type { ThreadGoalSetParams } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import {
  checkDuration,
  checkOptions,
  checkText,
  checkWellFormed,
  optionsOf,
} from "../../internal/validate.js";
import { REQUEST_CHECKS } from "../../rpc/requestOptions.js";
import { definedOnly, type WireOptions } from "../wireOptions.js";

/** Options of `runGoal`, `startGoal` and `resumeGoal` (`thread/goal/set`). */
export interface GoalOptions extends WireOptions<
  ThreadGoalSetParams,
  "threadId" | "objective" | "status"
> {
  /** Largest number of tokens that the goal may use; the runtime stops it then. Left out: no limit. */
  readonly tokenBudget?: ThreadGoalSetParams["tokenBudget"] | undefined;
  /**
   * Time limit of the whole start, from the call to the goal's first turn, in milliseconds. Ends with a
   * `GoalStartTimeoutError`.
   *
   * @default 30_000
   */
  readonly startTimeoutMs?: number | undefined;
  /**
   * Longest time without an event of the goal before the thread is read again and, if its turn is still
   * running, the goal is stopped with a `TurnTimeoutError`, in milliseconds. Off by default.
   */
  readonly idleTimeoutMs?: number | undefined;
  /** Aborting pauses the goal, interrupts its turn on the runtime, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time limit of the goal, from the call on, in milliseconds: the goal is stopped then, and the result
   * rejects with a `TurnTimeoutError`. A goal that has not started a turn by then rejects with a
   * `RequestTimeoutError`. Off by default.
   */
  readonly timeoutMs?: number | undefined;
}

const GOAL_OPTIONS = optionsOf<GoalOptions>({
  startTimeoutMs: checkDuration,
  idleTimeoutMs: checkDuration,
  ...REQUEST_CHECKS,
  origin: true,
  tokenBudget: true,
});

const DEFAULT_START_TIMEOUT_MS = 30_000;

/** Longest objective that the runtime accepts, in code points. */
const MAX_OBJECTIVE_LENGTH = 4000;

/** Checks the options of a goal, and separates those that are sent (`rest`) from the others. */
export function toGoalOptions(method: string, options: GoalOptions | undefined) {
  checkOptions(method, options, GOAL_OPTIONS);
  const {
    startTimeoutMs = DEFAULT_START_TIMEOUT_MS,
    idleTimeoutMs,
    signal,
    timeoutMs,
    ...rest
  } = options ?? {};
  return { startTimeoutMs, idleTimeoutMs, signal, timeoutMs, rest: definedOnly(rest) };
}

/** Checks an objective and returns it as the runtime stores it: trimmed. */
export function toObjective(objective: unknown): string {
  checkWellFormed("objective", objective);
  const trimmed = objective.trim();
  // A code point has at most two units.
  const isLong = trimmed.length > 2 * MAX_OBJECTIVE_LENGTH;
  const length = isLong ? trimmed.length : Array.from(trimmed).length;
  if (length > MAX_OBJECTIVE_LENGTH) {
    throw new InvalidOptionError(
      "objective",
      `has ${length} characters, and the runtime accepts ${MAX_OBJECTIVE_LENGTH}; put longer text into a file of the workspace, and name that.`,
    );
  }
  checkText("objective", trimmed);
  return trimmed;
}
