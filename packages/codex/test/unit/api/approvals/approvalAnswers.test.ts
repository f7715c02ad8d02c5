import { describe, expect, it } from "vitest";

import { toAnswer } from "../../../../src/api/approvals/approvalAnswers.js";
import type { ApprovalRequest } from "../../../../src/api/approvals/approvalRequest.js";
import { approvalsByKind } from "../../../../src/api/approvals/approvals.js";

const OF_TURN = { threadId: "thread", turnId: "turn", itemId: "item", startedAtMs: 1 };
const ENVIRONMENT = { environmentId: "local", cwd: "/work" };

const command: ApprovalRequest = {
  kind: "command",
  commandKind: "command",
  ...OF_TURN,
  ...ENVIRONMENT,
};
const fileChange: ApprovalRequest = { kind: "fileChange", ...OF_TURN, changes: null };
const permissions: ApprovalRequest = {
  kind: "permissions",
  ...OF_TURN,
  ...ENVIRONMENT,
  reason: null,
  permissions: { network: null, fileSystem: { write: ["/work"] } },
};
const userInput: ApprovalRequest = {
  kind: "userInput",
  ...OF_TURN,
  isBlocking: true,
  autoResolutionMs: null,
  questions: [
    { id: "pin", header: "PIN", question: "?", isOther: true, isSecret: true, options: null },
  ],
};
const ofServer = {
  kind: "elicitation" as const,
  threadId: "thread",
  turnId: null,
  serverName: "server",
  environmentId: null,
  _meta: null,
  message: "?",
  toolApproval: null,
};
const form: ApprovalRequest = {
  ...ofServer,
  mode: "form",
  requestedSchema: { type: "object", properties: {}, required: ["pin"] },
};
const url: ApprovalRequest = {
  ...ofServer,
  mode: "url",
  url: "https://example.test/",
  elicitationId: "1",
};
const toolCall: ApprovalRequest = {
  ...ofServer,
  mode: "form",
  requestedSchema: { type: "object", properties: {} },
  toolApproval: {
    toolName: "note",
    toolDescription: null,
    toolParams: {},
    canAcceptForSession: true,
  },
};

describe("toAnswer", () => {
  const amendment = {
    applyNetworkPolicyAmendment: {
      network_policy_amendment: { host: "a", action: "allow" as const },
    },
  };
  const lasting = { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["npm", "test"] } };
  const accepted = { action: "accept", content: {}, _meta: null };
  const refused = { action: "decline", content: null, _meta: null };

  it.each<[ApprovalRequest, unknown, unknown]>([
    [command, "accept", { decision: "accept" }],
    [command, amendment, { decision: amendment }],
    [command, lasting, { decision: lasting }],
    [fileChange, "acceptForSession", { decision: "acceptForSession" }],
    [fileChange, "cancel", { decision: "cancel" }],
    [permissions, "accept", { permissions: { fileSystem: { write: ["/work"] } }, scope: "turn" }],
    [permissions, "decline", { permissions: {}, scope: "turn" }],
    [
      permissions,
      { permissions: {}, strictAutoReview: true },
      { permissions: {}, scope: "turn", strictAutoReview: true },
    ],
    [userInput, { answers: { pin: "1234" } }, { answers: { pin: { answers: ["1234"] } } }],
    [userInput, { answers: {} }, { answers: {} }],
    [userInput, "decline", { answers: {} }],
    [form, { content: { pin: 1 } }, { action: "accept", content: { pin: 1 }, _meta: null }],
    [form, "decline", refused],
    [form, "cancel", { ...refused, action: "cancel" }],
    [url, "accept", { action: "accept", content: null, _meta: null }],
    [toolCall, "accept", accepted],
    [toolCall, "acceptForSession", { ...accepted, _meta: { persist: "session" } }],
  ])(
    "converts a valid decision on a $kind request to the wire response",
    (request, decision, answer) => {
      expect(toAnswer(request, decision)).toEqual(answer);
    },
  );

  it.each<[ApprovalRequest, unknown]>([
    [command, undefined],
    [command, true],
    [command, "approved"],
    [command, "toString"],
    [command, { decision: "accept" }],
    [command, { acceptWithExecpolicyAmendment: "echo" }],
    [command, { acceptWithExecpolicyAmendment: { execpolicy_amendment: "echo" } }],
    [command, { acceptWithExecpolicyAmendment: { execpolicy_amendment: [] } }],
    [command, { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["echo", ""] } }],
    [command, { applyNetworkPolicyAmendment: { network_policy_amendment: { host: "a" } } }],
    [command, { applyNetworkPolicyAmendment: { network_policy_amendment: { action: "deny" } } }],
    [command, { ...amendment, acceptWithExecpolicyAmendment: {} }],
    [fileChange, amendment],
    [permissions, "cancel"],
    [permissions, { permissions: { network: null } }],
    [permissions, { permissions: { everything: {} } }],
    [permissions, { permissions: {}, scope: "always" }],
    [userInput, "accept"],
    [userInput, { answers: { other: "1234" } }],
    [userInput, { answers: { pin: 1234 } }],
    [userInput, { answers: ["1234"] }],
    [form, "accept"],
    [form, "acceptForSession"],
    [form, { action: "accept" }],
    [url, "acceptForSession"],
    [toolCall, "always"],
  ])("refuses a value that is not a decision on a $kind request", (request, decision) => {
    expect(() => toAnswer(request, decision)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", option: "onApproval" }),
    );
  });

  it.each<[ApprovalRequest, unknown]>([
    [userInput, "1234"],
    [userInput, { answers: { other: "1234" } }],
    [form, "1234"],
  ])("does not quote the answer of a user in its error ($kind)", (request, decision) => {
    expect(() => toAnswer(request, decision)).toThrow(/^(?!.*1234)/s);
  });
});

describe("approvalsByKind", () => {
  const context = { signal: new AbortController().signal };

  it("calls the handler of the request's kind, and declines a kind without a handler", async () => {
    const onApproval = approvalsByKind({
      command: async ({ itemId }) => (itemId === "item" ? "accept" : "cancel"),
      permissions: () => ({ permissions: {} }),
    });

    expect(
      await Promise.all(
        [command, fileChange, permissions, userInput, form].map((request) =>
          onApproval(request, context),
        ),
      ),
    ).toEqual(["accept", "decline", { permissions: {} }, "decline", "decline"]);
  });

  it.each([
    [{ commands: () => "accept" }, /^commands: .*command, fileChange, permissions/],
    [{ command: "accept" }, /^command: expected a function, not "accept"/],
    [undefined, /^options: approvalsByKind\(\) expects an object of options, not undefined/],
    [null, /^options: approvalsByKind\(\) expects an object of options, not null/],
    [[], /^options: approvalsByKind\(\) expects an object of options, not an array/],
  ])("approvalsByKind refuses %j", (handlers, message) => {
    expect(() => approvalsByKind(handlers as never)).toThrow(message);
  });
});
