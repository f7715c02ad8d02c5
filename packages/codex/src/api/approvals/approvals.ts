import { InvalidOptionError } from "../../errors.js";
import type { ApprovalDecision, ApprovalDecisions } from "./approvalDecision.js";
import type { ApprovalKind, ApprovalRequest, ApprovalRequestOf } from "./approvalRequest.js";
import { APPROVAL_KINDS } from "./wireApproval.js";

/** What an approval handler is given beside the request. */
export interface ApprovalContext {
  /** Aborted when the answer is not wanted any more: the turn was interrupted, or the connection ended. */
  readonly signal: AbortSignal;
}

/**
 * Decides about one request of the runtime; may take its time, as nothing else waits for it. What it
 * throws, and an answer that does not fit the request's kind, is a decline, and is reported through
 * `onDiagnostic` (`handlerError`).
 */
export type ApprovalHandler = (
  request: ApprovalRequest,
  context: ApprovalContext,
) => ApprovalDecision | Promise<ApprovalDecision>;

/** A handler for each kind of request; what is left out is declined. */
export type ApprovalHandlersByKind = {
  readonly [Kind in ApprovalKind]?:
    | ((
        request: ApprovalRequestOf<Kind>,
        context: ApprovalContext,
      ) => ApprovalDecisions[Kind] | Promise<ApprovalDecisions[Kind]>)
    | undefined;
};

/**
 * Makes an `onApproval` of one handler for each kind of request, with the answers typed by the kind.
 *
 * @throws InvalidOptionError for a kind that does not exist, and for a handler that is no function.
 */
export function approvalsByKind(handlers: ApprovalHandlersByKind): ApprovalHandler {
  for (const [kind, handler] of Object.entries(handlers)) {
    if (!APPROVAL_KINDS.includes(kind)) {
      throw new InvalidOptionError(
        kind,
        `approvalsByKind knows no such kind; the known ones are ${APPROVAL_KINDS.join(", ")}.`,
      );
    }
    if (handler !== undefined && typeof handler !== "function") {
      throw new InvalidOptionError(kind, `expected a function, not ${typeof handler}.`);
    }
  }
  return (request, context) => {
    switch (request.kind) {
      case "command":
        return ask(handlers.command, request, context);
      case "fileChange":
        return ask(handlers.fileChange, request, context);
      case "permissions":
        return ask(handlers.permissions, request, context);
      case "userInput":
        return ask(handlers.userInput, request, context);
      case "elicitation":
        return ask(handlers.elicitation, request, context);
    }
  };
}

function ask<Kind extends ApprovalKind>(
  handler: ApprovalHandlersByKind[Kind],
  request: ApprovalRequestOf<Kind>,
  context: ApprovalContext,
): ApprovalDecision | Promise<ApprovalDecision> {
  return handler === undefined ? "decline" : handler(request, context);
}
