/** Stable `code` of every error that the SDK throws; `docs/errors.md` explains each. */
export type CodexErrorCode =
  | "NOT_STARTED"
  | "CLOSED"
  | "PEER_MISSING"
  | "RUNTIME_NOT_FOUND"
  | "RUNTIME_NOT_EXECUTABLE"
  | "START_FAILED"
  | "RUNTIME_EXITED"
  | "START_TIMEOUT"
  | "CONNECT_FAILED"
  | "PROTOCOL"
  | "TRANSPORT_CLOSED"
  | "REQUEST_OUTCOME_UNKNOWN"
  | "REQUEST_TIMEOUT"
  | "BACKLOG_EXCEEDED"
  | "TURN_FAILED"
  | "UNAUTHORIZED"
  | "USAGE_LIMIT"
  | "RATE_LIMITED"
  | "CONTEXT_WINDOW_EXCEEDED"
  | "SERVER_OVERLOADED"
  | "BUDGET_EXCEEDED"
  | "TURN_INCOMPLETE"
  | "TURN_TIMEOUT"
  | "TURN_ALREADY_CONSUMED"
  | "GOAL_START_TIMEOUT"
  | "ENVIRONMENT_LOST"
  | "THREAD_BUSY"
  | "THREAD_NOT_PORTABLE"
  | "THREAD_CONFLICT"
  | "THREAD_LEASED"
  | "THREAD_LEASE_LOST"
  | "THREAD_STORE_FAILED"
  | "OUTPUT_VALIDATION"
  | "INVALID_OPTION"
  | "SETTINGS_NOT_APPLIED"
  | "JSON_RPC"
  | "PARSE_ERROR"
  | "INVALID_REQUEST"
  | "THREAD_NOT_FOUND"
  | "THREAD_NOT_STORED"
  | "THREAD_IN_USE"
  | "METHOD_NOT_FOUND"
  | "INVALID_PARAMS"
  | "INTERNAL_ERROR"
  | "SERVER_BUSY"
  | "RETRY_LIMIT_EXCEEDED";

/**
 * Base class of every error that the SDK throws. Decide by `code` or by class, never by the message.
 *
 * @example
 * ```ts
 * try {
 *   await thread.run("Hello.");
 * } catch (error) {
 *   if (!(error instanceof CodexError) || error.code !== "USAGE_LIMIT") throw error;
 *   console.log("Try again later.");
 * }
 * ```
 */
export class CodexError extends Error {
  override name = "CodexError";
  /** Cause of the error, as a stable word that does not change with the message. */
  readonly code: CodexErrorCode;

  constructor(code: CodexErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A value was read that is available only once the runtime has been started. */
export class CodexNotStartedError extends CodexError {
  override name = "CodexNotStartedError";

  constructor(what: string) {
    super(
      "NOT_STARTED",
      `${what} is not available until the runtime has started; call await start() first.`,
    );
  }
}

/** The client was closed, before the call or while it was pending. */
export class CodexClosedError extends CodexError {
  override name = "CodexClosedError";

  constructor(what: string, options?: ErrorOptions) {
    super(
      "CLOSED",
      `${what}: this Codex client was closed; create a new one to continue.`,
      options,
    );
  }
}

/** A package that the program must install for this entry point is not there; `cause` is the failed import. */
export class PeerMissingError extends CodexError {
  override name = "PeerMissingError";

  constructor(packageName: string, what: string, options?: ErrorOptions) {
    super(
      "PEER_MISSING",
      `${what} needs the package ${packageName}, which cannot be loaded; install it beside the SDK: npm install ${packageName}`,
      options,
    );
  }
}

/** An option or an argument cannot be used; nothing was sent. */
export class InvalidOptionError extends CodexError {
  override name = "InvalidOptionError";
  /** The option's name, as the caller wrote it. */
  readonly option: string;

  constructor(option: string, message: string, options?: ErrorOptions) {
    super("INVALID_OPTION", `${option}: ${message}`, options);
    this.option = option;
  }
}
