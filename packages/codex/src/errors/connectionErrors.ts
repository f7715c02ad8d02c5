import type { ThreadItem, TurnError } from "@openai/codex-types";

import { CodexError } from "./codexError.js";

/** End of a runtime process, with its last lines of stderr. */
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
  | "START_FAILED"
  | "RUNTIME_EXITED"
  | "START_TIMEOUT"
  | "CONNECT_FAILED";

/** The runtime could not be started: it is missing, is not executable, ended at once, or did not respond. */
export class CodexStartError extends CodexError implements ExitFacts {
  override name = "CodexStartError";
  /** Cause of the failed start. */
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

/** The runtime sent something that the protocol does not allow. */
export class CodexProtocolError extends CodexError {
  override name = "CodexProtocolError";

  constructor(message: string, options?: ErrorOptions) {
    super("PROTOCOL", message, options);
  }
}

/** Facts of a turn that was cut short. */
export interface InterruptedTurnFacts {
  /** The id of the thread, which can be resumed. */
  readonly threadId: string;
  /** The id of the turn. */
  readonly turnId: string;
  /** The items that were completed before the end. */
  readonly items: readonly ThreadItem[];
  /** The turn's last `error` notification, a retried one included, secrets masked; `null` if there was none. */
  readonly lastError: TurnError | null;
}

/** The connection to the runtime has ended; every pending call gets one, and so does each later call. */
export class TransportClosedError extends CodexError implements ExitFacts {
  override name = "TransportClosedError";
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stderrTail: string;
  /** The turn that was running for the caller of this error, if there was one. */
  readonly turn: InterruptedTurnFacts | null;

  constructor(
    message: string,
    options: ErrorOptions & { exit?: ExitFacts; turn?: InterruptedTurnFacts } = {},
  ) {
    const lastError = options.turn?.lastError ?? null;
    super(
      "TRANSPORT_CLOSED",
      lastError === null ? message : `${message}\nThe turn's last error was: ${lastError.message}`,
      options,
    );
    this.exitCode = options.exit?.exitCode ?? null;
    this.signal = options.exit?.signal ?? null;
    this.stderrTail = options.exit?.stderrTail ?? "";
    this.turn = options.turn ?? null;
  }

  /** The last `error` notification of `turn`, secrets masked; `null` if there was none. */
  get lastError(): TurnError | null {
    return this.turn?.lastError ?? null;
  }
}

/**
 * The connection was lost after the request was sent and before its response: nobody can know whether the
 * runtime has performed it. Read the state that it was to change before you send it again.
 */
export class RequestOutcomeUnknownError extends CodexError {
  override name = "RequestOutcomeUnknownError";
  /** The wire method of the request. */
  readonly method: string;

  constructor(method: string, options?: ErrorOptions) {
    super(
      "REQUEST_OUTCOME_UNKNOWN",
      `${method}: the connection was lost before the response, so that it is not known whether the runtime has performed it; read the state that it was to change before you send it again.`,
      options,
    );
    this.method = method;
  }
}

/** A call did not end within its `timeoutMs`. */
export class RequestTimeoutError extends CodexError {
  override name = "RequestTimeoutError";
  /** The wire method of the request that the call is about. */
  readonly method: string;

  /** `missing` is what the call still waited for; defaults to the response to the request. */
  constructor(method: string, timeoutMs: number, missing = "was not answered") {
    super("REQUEST_TIMEOUT", `${method} ${missing} within ${timeoutMs} ms (timeoutMs).`);
    this.method = method;
  }
}

/**
 * The reader of `notifications()` fell too far behind: the reader gets all that waited, and what came
 * after that is lost for the reader. Call `notifications()` again, and read the state that was followed.
 */
export class NotificationBacklogError extends CodexError {
  override name = "NotificationBacklogError";
  /** Largest number of notifications that may wait for their reader. */
  readonly limit: number;

  constructor(limit: number) {
    super(
      "BACKLOG_EXCEEDED",
      `notifications(): more than ${limit} notifications waited to be read, and those after them are lost to this reader; call notifications() again, and read faster, or only while they are wanted.`,
    );
    this.limit = limit;
  }
}
