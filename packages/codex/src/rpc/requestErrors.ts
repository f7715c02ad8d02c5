import { CodexError, CodexProtocolError } from "../errors.js";
import { toWaiterError } from "./closeReason.js";
import type { PendingRequest } from "./pendingRequests.js";

/** Replaces the frames of an error that was made while a message was read by those of the caller. */
export function withCallerStack(error: Error, stack: string | undefined): Error {
  const frames = stack?.slice(stack.indexOf("\n"));
  if (frames !== undefined && frames !== "")
    error.stack = `${error.name}: ${error.message}${frames}`;
  return error;
}

/** A transport rejects every send with its one end; each caller gets an error of its own. */
export function toSendError(error: unknown, method: string): Error {
  if (error instanceof CodexError) return toWaiterError(error, method);
  return error instanceof Error ? error : new Error(String(error));
}

/** Makes the error of a request whose response cannot be read. */
export function toInvalidResponseError({ method }: PendingRequest, reason: string): CodexError {
  return new CodexProtocolError(
    `the response to ${method} cannot be read (${reason}); use the runtime version that this SDK is made for.`,
  );
}
