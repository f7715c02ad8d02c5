import type { FileUpdateChange } from "@openai/codex-types";
import { expectTypeOf } from "vitest";

import type {
  ElicitationRequest,
  FileChangeApprovalRequest,
} from "../../src/api/approvals/approvalRequest.js";
import { type ApprovalHandler, approvalsByKind } from "../../src/api/approvals/approvals.js";

// The kind narrows the request.
const narrowing: ApprovalHandler = (request, { signal }) => {
  expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
  switch (request.kind) {
    case "command":
      expectTypeOf(request.command).toEqualTypeOf<string | null | undefined>();
      return "acceptForSession";
    case "fileChange":
      expectTypeOf(request.changes).toEqualTypeOf<readonly FileUpdateChange[] | null>();
      return "accept";
    case "permissions":
      return { permissions: { network: { enabled: true } }, scope: "turn" };
    case "userInput":
      return { answers: { colour: ["Red"], size: "XL" } };
    case "elicitation":
      if (request.mode === "url") expectTypeOf(request.url).toEqualTypeOf<string>();
      return { content: { colour: "red" } };
  }
};
expectTypeOf(narrowing).toExtend<ApprovalHandler>();

// Words that are no decision, and no answer at all, are errors.
// @ts-expect-error "approved" is none
const approved: ApprovalHandler = () => "approved";
// @ts-expect-error it must answer
const silent: ApprovalHandler = () => {};
void [approved, silent];

approvalsByKind({
  fileChange: (request) => {
    expectTypeOf(request).toEqualTypeOf<FileChangeApprovalRequest>();
    return "cancel";
  },
  elicitation: async (request) => {
    expectTypeOf(request).toExtend<ElicitationRequest>();
    return { content: null };
  },
});

approvalsByKind({
  // @ts-expect-error permissions cannot be answered with cancel
  permissions: () => "cancel",
  // @ts-expect-error questions cannot be accepted, only answered
  userInput: () => "accept",
  // @ts-expect-error a file change has no rules to amend
  fileChange: () => ({ acceptWithExecpolicyAmendment: { execpolicy_amendment: [] } }),
});

approvalsByKind({
  // @ts-expect-error there is no such kind
  commands: () => "accept",
});
