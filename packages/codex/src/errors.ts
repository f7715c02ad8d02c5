import type { ThreadItem, TurnError } from "@openai/codex-types";

import type { TurnResult } from "./api/turns/turnResult.js";

/** The stable `code` of every error that the SDK throws; `docs/errors.md` explains each. */
export type CodexErrorCode =
  | "NOT_STARTED"
  | "CLOSED"
  | "RUNTIME_NOT_FOUND"
  | "RUNTIME_NOT_EXECUTABLE"
  | "RUNTIME_EXITED"
  | "START_TIMEOUT"
  | "CONNECT_FAILED"
  | "PROTOCOL"
  | "TRANSPORT_CLOSED"
  | "REQUEST_TIMEOUT"
  | "TURN_FAILED"
  | "TURN_INCOMPLETE"
  | "TURN_TIMEOUT"
  | "TURN_ALREADY_CONSUMED"
  | "GOAL_START_TIMEOUT"
  | "THREAD_BUSY"
  | "OUTPUT_VALIDATION"
  | "INVALID_OPTION"
  | "JSON_RPC"
  | "PARSE_ERROR"
  | "INVALID_REQUEST"
  | "METHOD_NOT_FOUND"
  | "INVALID_PARAMS"
  | "INTERNAL_ERROR"
  | "SERVER_BUSY"
  | "RETRY_LIMIT_EXCEEDED";

/** The base of every error that the SDK throws. Decide by `code` or by class, never by the message. */
export class CodexError extends Error {
  override name = "CodexError";
  /** What went wrong, as a stable word that does not change with the message. */
  readonly code: CodexErrorCode;

  constructor(code: CodexErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Something was read that exists only once the runtime has been started. */
export class CodexNotStartedError extends CodexError {
  override name = "CodexNotStartedError";

  constructor(what: string) {
    super(
      "NOT_STARTED",
      `${what} is not there before the runtime has started: await start() first.`,
    );
  }
}

/** The client was closed, before the call or while it waited. */
export class CodexClosedError extends CodexError {
  override name = "CodexClosedError";

  constructor(what: string, options?: ErrorOptions) {
    super("CLOSED", `${what}: this Codex client was closed. Make a new one to go on.`, options);
  }
}

/** How a runtime process ended, and the last that it said. */
export interface ExitFacts {
  /** The exit status, or `null` when a signal ended it or it is not known. */
  readonly exitCode: number | null;
  /** The signal that ended it, or `null`. */
  readonly signal: string | null;
  /** The last lines of its stderr, secrets masked. */
  readonly stderrTail: string;
}

/** The codes of a start that failed. */
export type CodexStartErrorCode =
  | "RUNTIME_NOT_FOUND"
  | "RUNTIME_NOT_EXECUTABLE"
  | "RUNTIME_EXITED"
  | "START_TIMEOUT"
  | "CONNECT_FAILED";

/** The runtime could not be started: missing, not executable, gone at once, or silent. */
export class CodexStartError extends CodexError implements ExitFacts {
  override name = "CodexStartError";
  /** What kept it from starting. */
  declare readonly code: CodexStartErrorCode;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stderrTail: string;

  constructor(
    code: CodexStartErrorCode,
    message: string,
    options: ErrorOptions & { exit?: ExitFacts } = {},
  ) {
    super(code, message, options);
    this.exitCode = options.exit?.exitCode ?? null;
    this.signal = options.exit?.signal ?? null;
    this.stderrTail = options.exit?.stderrTail ?? "";
  }
}

/** The runtime said something that the protocol does not allow. */
export class CodexProtocolError extends CodexError {
  override name = "CodexProtocolError";

  constructor(message: string, options?: ErrorOptions) {
    super("PROTOCOL", message, options);
  }
}

/** What is known of a turn that was cut off. */
export interface InterruptedTurnFacts {
  /** The thread, by which it can be resumed. */
  readonly threadId: string;
  /** The turn that was cut off. */
  readonly turnId: string;
  /** The items that were completed before the end. */
  readonly items: readonly ThreadItem[];
}

/** The connection to the runtime is gone; every call that waited gets one, and so does each later call. */
export class TransportClosedError extends CodexError implements ExitFacts {
  override name = "TransportClosedError";
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stderrTail: string;
  /** The turn that was running for the caller who got this error, if there was one. */
  readonly turn: InterruptedTurnFacts | null;

  constructor(
    message: string,
    options: ErrorOptions & { exit?: ExitFacts; turn?: InterruptedTurnFacts } = {},
  ) {
    super("TRANSPORT_CLOSED", message, options);
    this.exitCode = options.exit?.exitCode ?? null;
    this.signal = options.exit?.signal ?? null;
    this.stderrTail = options.exit?.stderrTail ?? "";
    this.turn = options.turn ?? null;
  }
}

/** A request got no answer within its `timeoutMs`. */
export class RequestTimeoutError extends CodexError {
  override name = "RequestTimeoutError";
  /** The wire method of the request. */
  readonly method: string;

  constructor(method: string, timeoutMs: number) {
    super("REQUEST_TIMEOUT", `${method} was not answered within ${timeoutMs} ms (timeoutMs).`);
    this.method = method;
  }
}

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

/** An option or an argument is not usable; nothing was sent. */
export class InvalidOptionError extends CodexError {
  override name = "InvalidOptionError";
  /** The option's name, as the caller wrote it. */
  readonly option: string;

  constructor(option: string, message: string, options?: ErrorOptions) {
    super("INVALID_OPTION", `${option}: ${message}`, options);
    this.option = option;
  }
}
