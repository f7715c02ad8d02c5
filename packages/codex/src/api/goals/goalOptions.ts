import type { ThreadGoalSetParams } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { checkOptions, namesOf } from "../knownOptions.js";
import { definedOnly, type WireOptions } from "../threadOptions.js";

/** The options of `runGoal` and `startGoal` (`thread/goal/set`). */
export interface GoalOptions extends WireOptions<
  ThreadGoalSetParams,
  "threadId" | "objective" | "status"
> {
  /** How long the runtime may take to start the goal's first turn, in milliseconds. Default: 30,000. */
  readonly startTimeoutMs?: number | undefined;
  /** Aborting pauses the goal, interrupts its turn on the runtime, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const GOAL_NAMES = namesOf<GoalOptions>({
  startTimeoutMs: true,
  signal: true,
  origin: true,
  tokenBudget: true,
});

const DEFAULT_START_TIMEOUT_MS = 30_000;
/** What the runtime takes, in code points. */
const MAX_OBJECTIVE_LENGTH = 4000;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What starts a goal: the params of `thread/goal/set`, and how long the first turn may take to come. */
export function toGoalStart(
  threadId: string,
  objective: string,
  options: GoalOptions,
): { readonly params: ThreadGoalSetParams; readonly startTimeoutMs: number } {
  checkOptions("runGoal", options, GOAL_NAMES);
  const { startTimeoutMs = DEFAULT_START_TIMEOUT_MS, signal: _signal, ...rest } = options;
  checkStartTimeout(startTimeoutMs);
  const params = definedOnly({
    threadId,
    objective: toObjective(objective),
    status: "active" as const,
    ...rest,
  });
  return { params, startTimeoutMs };
}

/** The objective as the runtime stores it. */
function toObjective(objective: unknown): string {
  if (typeof objective !== "string") {
    throw new InvalidOptionError("objective", `expected a string, not ${typeof objective}.`);
  }
  const trimmed = objective.trim();
  if (trimmed === "") {
    throw new InvalidOptionError("objective", "is empty; say what the goal is to reach.");
  }
  if (LONE_SURROGATE.test(trimmed)) {
    throw new InvalidOptionError(
      "objective",
      "holds half of a surrogate pair, which is no well-formed Unicode; cut text at code points, or repair it with toWellFormed().",
    );
  }
  const { length } = Array.from(trimmed);
  if (length > MAX_OBJECTIVE_LENGTH) {
    throw new InvalidOptionError(
      "objective",
      `has ${length} characters, and the runtime takes ${MAX_OBJECTIVE_LENGTH}; put what is longer into a file of the workspace, and name that.`,
    );
  }
  return trimmed;
}

function checkStartTimeout(startTimeoutMs: unknown): void {
  if (typeof startTimeoutMs === "number" && startTimeoutMs > 0 && startTimeoutMs < 2 ** 31) return;
  throw new InvalidOptionError(
    "startTimeoutMs",
    `expected a positive number of milliseconds, not ${String(startTimeoutMs)}.`,
  );
}
