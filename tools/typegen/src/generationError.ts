/** Reason of a failed generation. */
export type GenerationErrorCode =
  | "RUNTIME_FAILED"
  | "RUNTIME_VERSION_MISMATCH"
  | "IMPORT_TARGET_MISSING"
  | "UNEXPECTED_SYNTAX";

/** The generator stops with this rather than write types that it is not sure of. */
export class GenerationError extends Error {
  override readonly name = "GenerationError";
  readonly code: GenerationErrorCode;

  constructor(code: GenerationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
