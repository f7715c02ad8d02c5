import type { ApprovalsReviewer, AskForApproval } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { checkFunction, checkOneOf, describeValue } from "../../internal/validate.js";

/** Reviewers of commands and file changes that need more than the sandbox allows. */
export const ApprovalMode = {
  /** A model of the runtime decides. The default for new threads. */
  autoReview: "auto_review",
  /** Nothing is approved: a command fails when the sandbox does not allow it. */
  denyAll: "deny_all",
} as const;

/** Name of a reviewer of commands and file changes that need more than the sandbox allows. */
export type ApprovalMode = (typeof ApprovalMode)[keyof typeof ApprovalMode];

/** Wire fields of an approval mode. An absent field keeps the setting of the thread. */
export interface ApprovalFields {
  readonly approvalPolicy?: AskForApproval;
  readonly approvalsReviewer?: ApprovalsReviewer;
}

const FIELDS: Readonly<Record<ApprovalMode, ApprovalFields>> = {
  auto_review: { approvalPolicy: "on-request", approvalsReviewer: "auto_review" },
  deny_all: { approvalPolicy: "never" },
};

/** The fields with which the application decides, through `onApproval`. */
const APPLICATION_DECIDES: ApprovalFields = {
  approvalPolicy: "on-request",
  approvalsReviewer: "user",
};

/**
 * Builds the wire fields for an approval mode or a handler. Without either, there are none.
 *
 * @throws InvalidOptionError for an unknown mode, for a handler that is not a function, and for both.
 */
export function toApprovalFields(options: {
  readonly approvalMode?: ApprovalMode | undefined;
  readonly onApproval?: unknown;
}): ApprovalFields {
  const { approvalMode, onApproval } = options;
  if (onApproval !== undefined) {
    checkFunction("onApproval", onApproval);
    if (approvalMode !== undefined) {
      throw new InvalidOptionError(
        "onApproval",
        `makes the application the reviewer and cannot be combined with approvalMode ${describeValue(approvalMode)}; pass one of the two.`,
      );
    }
    return APPLICATION_DECIDES;
  }
  if (approvalMode === undefined) return {};
  checkApprovalMode("approvalMode", approvalMode);
  return FIELDS[approvalMode];
}

/** Checks the name of an approval mode. Throws an `InvalidOptionError`. */
export function checkApprovalMode(name: string, value: unknown): void {
  checkOneOf(name, value, Object.keys(FIELDS));
}
