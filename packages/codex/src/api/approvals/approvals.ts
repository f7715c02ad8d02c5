import { checkFunction, checkRequiredOptions, optionsOf } from "../../internal/validate.js";
import type { ApprovalDecision, ApprovalDecisions } from "./approvalDecision.js";
import type { ApprovalKind, ApprovalRequest, ApprovalRequestOf } from "./approvalRequest.js";

/** Facts about one call of an approval handler. */
export interface ApprovalContext {
  /** Aborted when the decision is not used any more: the turn was interrupted, or the connection ended. */
  readonly signal: AbortSignal;
}

/**
 * Handles one approval request. May be async; other messages are not blocked. If it throws or returns
 * an invalid decision, the request is declined and `onDiagnostic` receives `handlerError`.
 */
export type ApprovalHandler = (
  request: ApprovalRequest,
  context: ApprovalContext,
) => ApprovalDecision | Promise<ApprovalDecision>;

/** Handlers for each kind of request. A kind without a handler is declined. */
export type ApprovalHandlersByKind = {
  readonly [Kind in ApprovalKind]?:
    | ((
        request: ApprovalRequestOf<Kind>,
        context: ApprovalContext,
      ) => ApprovalDecisions[Kind] | Promise<ApprovalDecisions[Kind]>)
    | undefined;
};

const HANDLERS = optionsOf<ApprovalHandlersByKind>({
  command: checkFunction,
  fileChange: checkFunction,
  permissions: checkFunction,
  userInput: checkFunction,
  elicitation: checkFunction,
});

/**
 * Makes an `onApproval` from a handler for each kind of request, with the decisions typed by the kind.
 *
 * Compare commands as a whole: a command that contains or starts with an expected text may do
 * anything else, too.
 *
 * @example
 * ```ts
 * const onApproval = approvalsByKind({
 *   command: async ({ command }) => ((await askUser(`Run ${command}?`)) ? "accept" : "decline"),
 *   fileChange: () => "decline",
 * });
 * const thread = await codex.startThread({ onApproval });
 * ```
 *
 * @throws InvalidOptionError for an unknown kind, and for a handler that is not a function.
 */
export function approvalsByKind(handlers: ApprovalHandlersByKind): ApprovalHandler {
  checkRequiredOptions("approvalsByKind()", handlers, HANDLERS);
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
