import type { TurnError } from "@openai/codex-types";

import { CodexError } from "./codexError.js";
import type { InterruptedTurnFacts } from "./connectionErrors.js";
import {
  describeTurnError,
  toTurnErrorInfo,
  turnErrorCodeOf,
  type TurnErrorInfo,
} from "./turnErrorInfo.js";
import type { CompletedTurn, FailedTurn } from "./turnResult.js";

/** The runtime ended the turn as failed. The message has the remedy where one is known; the `code` distinguishes the causes that need different remedies. */
export class TurnFailedError extends CodexError {
  override name = "TurnFailedError";
  /** The turn up to the failure. */
  readonly result: FailedTurn;
  /** The wire's error: message, `codexErrorInfo`, details; secrets masked. `null` if the runtime sent none. */
  readonly turnError: TurnError | null;
  /** The cause of the failure, discriminated by `kind`; `null` if the runtime sent none. */
  readonly info: TurnErrorInfo | null;
  /** The turn's last `error` notification, secrets masked; `null` if there was none. */
  readonly lastError: TurnError | null;

  constructor(result: FailedTurn, lastError: TurnError | null) {
    const turnError = result.error ?? lastError;
    const info = toTurnErrorInfo(turnError?.codexErrorInfo);
    const message = turnError === null ? `turn ${result.id} failed` : describeTurnError(turnError);
    super(turnErrorCodeOf(info), message);
    this.result = result;
    this.turnError = result.error;
    this.info = info;
    this.lastError = lastError;
  }
}

/** The turn's events ended without its `turn/completed`, and its thread does not show how it ended. */
export class TurnIncompleteError extends CodexError {
  override name = "TurnIncompleteError";
  /** Facts of the turn up to its end. */
  readonly turn: InterruptedTurnFacts;

  constructor(turn: InterruptedTurnFacts, reason: string) {
    super(
      "TURN_INCOMPLETE",
      `turn ${turn.turnId} ended without a readable turn/completed: ${reason}${describeLastError(turn)}`,
    );
    this.turn = turn;
  }

  /** The turn's last `error` notification, secrets masked; `null` if there was none. */
  get lastError(): TurnError | null {
    return this.turn.lastError;
  }
}

/**
 * The turn did not end within `timeoutMs`; or no event of it came for `idleTimeoutMs`, and its thread,
 * read again, does not show its end. The turn was interrupted.
 */
export class TurnTimeoutError extends CodexError {
  override name = "TurnTimeoutError";
  /** Facts of the turn so far. */
  readonly turn: InterruptedTurnFacts;

  constructor(
    turn: InterruptedTurnFacts,
    timeoutMs: number,
    lastEvent: string | null,
    option: "idleTimeoutMs" | "timeoutMs" = "idleTimeoutMs",
  ) {
    const fault =
      option === "idleTimeoutMs"
        ? `sent no event for ${timeoutMs} ms`
        : `did not end within ${timeoutMs} ms`;
    super(
      "TURN_TIMEOUT",
      `turn ${turn.turnId} ${fault} (${option}) and was interrupted; the last event was ${lastEvent ?? "none"}${describeLastError(turn)}.`,
    );
    this.turn = turn;
  }

  /** The turn's last `error` notification, secrets masked; `null` if there was none. */
  get lastError(): TurnError | null {
    return this.turn.lastError;
  }
}

/** A goal did not start a turn in time. It is paused if the runtime has it. */
export class GoalStartTimeoutError extends CodexError {
  override name = "GoalStartTimeoutError";
  /** The thread of the goal. */
  readonly threadId: string;

  constructor(threadId: string, startTimeoutMs: number, options?: ErrorOptions) {
    super(
      "GOAL_START_TIMEOUT",
      `the goal of thread ${threadId} did not start a turn within ${startTimeoutMs} ms (startTimeoutMs), and is paused if it was set; try again, with a longer time if the runtime is slow.`,
      options,
    );
    this.threadId = threadId;
  }
}

/** A handle's events have one reader: `stream()` was called before. */
export class TurnAlreadyConsumedError extends CodexError {
  override name = "TurnAlreadyConsumedError";

  constructor(turnId: string) {
    super(
      "TURN_ALREADY_CONSUMED",
      `the events of turn ${turnId} already have a reader: call stream() once on a handle; result and run() are available beside it.`,
    );
  }
}

/** The thread has an active turn, which a new turn would join without notice, or a goal. */
export class ThreadBusyError extends CodexError {
  override name = "ThreadBusyError";
  /** The busy thread. */
  readonly threadId: string;
  /** The active turn, or `null` while its id is not known. */
  readonly activeTurnId: string | null;

  constructor(threadId: string, activeTurnId: string | null, isGoal = false) {
    const turn = `turn ${activeTurnId ?? "(starting)"}`;
    super(
      "THREAD_BUSY",
      isGoal
        ? `thread ${threadId} is busy with a goal (${turn}): steer() or interrupt() the goal, or pass whenBusy: "queue" to wait for its end.`
        : `thread ${threadId} is busy with ${turn}: add to that turn with steer(), or pass whenBusy: "steer" or "queue".`,
    );
    this.threadId = threadId;
    this.activeTurnId = activeTurnId;
  }
}

/** A problem of a final response, with its path. */
export interface OutputIssue {
  /** Description of the problem. */
  readonly message: string;
  /** Keys of the path to the value at fault; empty for the whole response. */
  readonly path: readonly PropertyKey[];
}

/** The final response of a completed turn does not fit the output schema: it is missing, is not JSON, or has issues. */
export class OutputValidationError extends CodexError {
  override name = "OutputValidationError";
  /** The final response as the model wrote it; `null` if there was none. */
  readonly text: string | null;
  /** The problems of the response. */
  readonly issues: readonly OutputIssue[];
  /** The whole turn. */
  readonly result: CompletedTurn;

  constructor(result: CompletedTurn, issues: readonly OutputIssue[], options?: ErrorOptions) {
    const listed = issues
      .slice(0, 3)
      .map(({ message, path }) =>
        path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`,
      );
    const rest = issues.length > 3 ? `; and ${issues.length - 3} more` : "";
    super(
      "OUTPUT_VALIDATION",
      `the final response of turn ${result.id} does not fit outputSchema (${listed.join("; ")}${rest}); its text is in error.text, the whole turn in error.result.`,
      options,
    );
    this.text = result.finalResponse;
    this.issues = issues;
    this.result = result;
  }
}

function describeLastError({ lastError }: InterruptedTurnFacts): string {
  return lastError === null ? "" : `; its last error was: ${describeTurnError(lastError)}`;
}
