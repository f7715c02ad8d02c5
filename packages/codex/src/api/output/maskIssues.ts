import { OutputValidationError } from "../../errors.js";
import type { SecretMasker } from "../../internal/secrets.js";

/** Returns the error with the secrets of its issues masked: they quote the model, which may repeat what it has read. */
export function maskIssues(error: unknown, secrets: SecretMasker): unknown {
  if (!(error instanceof OutputValidationError)) return error;
  const issues = error.issues.map(({ message, path }) => ({
    message: secrets.mask(message),
    path,
  }));
  if (issues.every(({ message }, index) => message === error.issues[index]?.message)) return error;
  return new OutputValidationError(error.result, issues, { cause: error.cause });
}
