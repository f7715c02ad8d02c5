import type { TurnError } from "@openai/codex-types";

import type { TurnResult } from "../api/turns/turnResult.js";
import { CodexError } from "./codexError.js";
import type { InterruptedTurnFacts } from "./connectionErrors.js";

/** The runtime ended the turn as failed. */
export class TurnFailedError extends CodexError {
  override name = "TurnFailedError";
  /** All of the turn that came before the failure. */
  readonly result: TurnResult;
  /** The wire's error: message, `codexErrorInfo`, details. `null` if the runtime gave none. */
  readonly turnError: TurnError | null;

  constructor(result: TurnResult) {
    super(
      "TURN_FAILED",
      result.error?.message ?? `turn ${result.id} failed with status ${result.status}`,
    );
    this.result = result;
    this.turnError = result.error;
  }
}

/** The turn's events ended without its `turn/completed`. */
export class TurnIncompleteError extends CodexError {
  override name = "TurnIncompleteError";
  /** What is known of the turn. */
  readonly turn: InterruptedTurnFacts;

  constructor(turn: InterruptedTurnFacts, reason: string) {
    super("TURN_INCOMPLETE", `turn ${turn.turnId} ended without turn/completed: ${reason}`);
    this.turn = turn;
  }
}

/** No event of the turn came for `idleTimeoutMs`, and the runtime says that it is still running. */
export class TurnTimeoutError extends CodexError {
  override name = "TurnTimeoutError";
  /** What is known of the turn. */
  readonly turn: InterruptedTurnFacts;

  constructor(turn: InterruptedTurnFacts, idleTimeoutMs: number, lastEvent: string | null) {
    super(
      "TURN_TIMEOUT",
      `turn ${turn.turnId} sent no event for ${idleTimeoutMs} ms (idleTimeoutMs) and was interrupted; the last event was ${lastEvent ?? "none"}.`,
    );
    this.turn = turn;
  }
}

/** The runtime started no turn for a goal in time; the goal was paused. */
export class GoalStartTimeoutError extends CodexError {
  override name = "GoalStartTimeoutError";
  /** The thread whose goal was paused. */
  readonly threadId: string;

  constructor(threadId: string, startTimeoutMs: number) {
    super(
      "GOAL_START_TIMEOUT",
      `the goal of thread ${threadId} started no turn within ${startTimeoutMs} ms (startTimeoutMs) and was paused; try again, with a longer time if the runtime is slow.`,
    );
    this.threadId = threadId;
  }
}

/** A turn's events have one consumer, and this turn has had its own. */
export class TurnAlreadyConsumedError extends CodexError {
  override name = "TurnAlreadyConsumedError";

  constructor(turnId: string) {
    super(
      "TURN_ALREADY_CONSUMED",
      `turn ${turnId} already has a consumer: call stream() or run() once on a handle.`,
    );
  }
}

/** The thread has an active turn, which a new turn would silently join, or a goal. */
export class ThreadBusyError extends CodexError {
  override name = "ThreadBusyError";
  /** The busy thread. */
  readonly threadId: string;
  /** The active turn, or `null` while its start is still unanswered. */
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

/** What is wrong with an answer, and where in it. */
export interface OutputIssue {
  /** What is wrong, for a person. */
  readonly message: string;
  /** The keys on the way to the value at fault; empty for the whole answer. */
  readonly path: readonly PropertyKey[];
}

/**
 * The turn's final response does not fit the output schema: it is missing (as when the turn was
 * interrupted, see `result.status`), is no JSON, or has issues. All that the turn brought is in here.
 */
export class OutputValidationError extends CodexError {
  override name = "OutputValidationError";
  /** The final response as the model wrote it; `null` if there was none. */
  readonly text: string | null;
  /** What is wrong with it, and where. */
  readonly issues: readonly OutputIssue[];
  /** The whole turn, its final response among it. */
  readonly result: TurnResult;

  constructor(result: TurnResult, issues: readonly OutputIssue[], options?: ErrorOptions) {
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
