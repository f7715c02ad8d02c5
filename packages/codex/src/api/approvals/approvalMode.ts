import type { ApprovalsReviewer, AskForApproval } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";

/** Who decides about what a command or a file change may do beyond the sandbox. */
export const ApprovalMode = {
  /** The runtime's own reviewer, a model, decides. The default for new threads. */
  autoReview: "auto_review",
  /** Nothing is approved: what the sandbox does not allow fails. */
  denyAll: "deny_all",
} as const;

/** Who decides about what a command or a file change may do beyond the sandbox. */
export type ApprovalMode = (typeof ApprovalMode)[keyof typeof ApprovalMode];

/** The wire fields of an approval mode; an absent one keeps what the thread has. */
export interface ApprovalFields {
  readonly approvalPolicy?: AskForApproval;
  readonly approvalsReviewer?: ApprovalsReviewer;
}

const FIELDS: Readonly<Record<ApprovalMode, ApprovalFields>> = {
  auto_review: { approvalPolicy: "on-request", approvalsReviewer: "auto_review" },
  deny_all: { approvalPolicy: "never" },
};

/** What is sent when the application itself decides, through `onApproval`. */
const APPLICATION_DECIDES: ApprovalFields = {
  approvalPolicy: "on-request",
  approvalsReviewer: "user",
};

/**
 * The wire fields for what was asked for; none at all when nothing was. Throws an
 * `InvalidOptionError` for an unknown mode, and when both a mode and a handler are given.
 */
export function toApprovalFields(options: {
  readonly approvalMode?: ApprovalMode | undefined;
  readonly onApproval?: unknown;
}): ApprovalFields {
  const { approvalMode, onApproval } = options;
  if (onApproval !== undefined) {
    if (typeof onApproval !== "function") {
      throw new InvalidOptionError("onApproval", `expected a function, not ${typeof onApproval}.`);
    }
    if (approvalMode !== undefined) {
      throw new InvalidOptionError(
        "onApproval",
        `makes the application the reviewer, so approvalMode ${JSON.stringify(approvalMode)} has no place; pass one of the two.`,
      );
    }
    return APPLICATION_DECIDES;
  }
  if (approvalMode === undefined) return {};
  if (!Object.hasOwn(FIELDS, approvalMode)) {
    throw new InvalidOptionError(
      "approvalMode",
      `${JSON.stringify(approvalMode)} is not supported; it must be one of: ${Object.keys(FIELDS).join(", ")}.`,
    );
  }
  return FIELDS[approvalMode];
}
