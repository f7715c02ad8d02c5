import { CodexClosedError, type CodexError, TransportClosedError } from "../errors.js";

/** Makes the error of one waiter: the end of a connection is one fact, the stack is the waiter's own. */
export function toWaiterError(reason: CodexError | undefined, what: string): CodexError {
  if (reason instanceof TransportClosedError) {
    return new TransportClosedError(`${what}: ${reason.message}`, { exit: reason, cause: reason });
  }
  return new CodexClosedError(what, { cause: reason });
}
