/** Reason of a failure for machines: `--json` prints it beside the message. */
export type ReleaseErrorCode =
  | "BUMP_FAILED"
  | "COMMAND_FAILED"
  | "INVALID_ARGUMENT"
  | "INVALID_BINARY"
  | "INVALID_PACKAGE"
  | "INVALID_RELEASE"
  | "INVALID_VERSION"
  | "NETWORK_UNAVAILABLE"
  | "NOT_BUILT"
  | "NAME_TAKEN"
  | "NOT_IN_REPOSITORY"
  | "PUBLISH_CONFLICT"
  | "PUBLISH_FAILED"
  | "RUNTIME_UNAVAILABLE"
  | "SYSTEM_ERROR"
  | "TYPES_DRIFTED"
  | "VERIFY_FAILED"
  | "VERSION_MISMATCH";

/** An error that the person at the command line can act on: the message has the remedy. */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";
  readonly code: ReleaseErrorCode;

  constructor(code: ReleaseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
