import type {
  CommandExecutionRequestApprovalResponse,
  FileChangeRequestApprovalResponse,
  McpServerElicitationRequestResponse,
  PermissionsRequestApprovalResponse,
  ToolRequestUserInputResponse,
} from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { isObject } from "../../internal/isObject.js";
import { describeType, describeValue } from "../../internal/validate.js";
import type {
  CommandDecision,
  ElicitationDecision,
  FileChangeDecision,
  PermissionsDecision,
} from "./approvalDecision.js";
import type {
  ApprovalRequest,
  ElicitationRequest,
  PermissionsApprovalRequest,
  UserInputRequest,
} from "./approvalRequest.js";

/** Wire responses to the requests that `onApproval` handles. */
export type ApprovalAnswer =
  | CommandExecutionRequestApprovalResponse
  | FileChangeRequestApprovalResponse
  | PermissionsRequestApprovalResponse
  | ToolRequestUserInputResponse
  | McpServerElicitationRequestResponse;

/**
 * Converts the decision of a handler to the wire response. The handler may have any return value.
 *
 * @throws InvalidOptionError for a value that is not a decision for this kind of request.
 */
export function toAnswer(request: ApprovalRequest, decision: unknown): ApprovalAnswer {
  switch (request.kind) {
    case "command":
      if (isCommandDecision(decision)) return { decision };
      throw wrongDecision(
        request,
        decision,
        `${list(WORDS)}, or one of the request's availableDecisions`,
      );
    case "fileChange":
      if (isWord(decision, WORDS)) return { decision };
      throw wrongDecision(request, decision, list(WORDS));
    case "permissions":
      return toPermissionsAnswer(request, decision);
    case "userInput":
      return toUserInputAnswer(request, decision);
    case "elicitation":
      return toElicitationAnswer(request, decision);
  }
}

const WORDS = [
  "accept",
  "acceptForSession",
  "decline",
  "cancel",
] as const satisfies readonly FileChangeDecision[] & readonly ElicitationDecision[];

const GRANT_WORDS = [
  "accept",
  "acceptForSession",
  "decline",
] as const satisfies readonly PermissionsDecision[];

/** Checks the content of each lasting decision: the runtime fails the command for one that it cannot read. */
const AMENDMENTS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  [
    "acceptWithExecpolicyAmendment",
    (value) => isObject(value) && isCommandPrefix(value["execpolicy_amendment"]),
  ],
  [
    "applyNetworkPolicyAmendment",
    (value) => isObject(value) && isNetworkRule(value["network_policy_amendment"]),
  ],
]);

/** With an empty prefix the runtime runs the command and writes no rule. */
function isCommandPrefix(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((word) => typeof word === "string" && word !== "")
  );
}

function isNetworkRule(value: unknown): boolean {
  if (!isObject(value) || typeof value["host"] !== "string" || value["host"] === "") return false;
  return value["action"] === "allow" || value["action"] === "deny";
}

function isWord<Word extends string>(value: unknown, words: readonly Word[]): value is Word {
  return words.some((word) => word === value);
}

function isCommandDecision(decision: unknown): decision is CommandDecision {
  if (isWord(decision, WORDS)) return true;
  if (!isObject(decision)) return false;
  const [name, ...others] = Object.keys(decision);
  if (name === undefined || others.length > 0) return false;
  return AMENDMENTS.get(name)?.(decision[name]) === true;
}

function toPermissionsAnswer(
  request: PermissionsApprovalRequest,
  decision: unknown,
): PermissionsRequestApprovalResponse {
  if (isWord(decision, GRANT_WORDS)) {
    if (decision === "decline") return { permissions: {}, scope: "turn" };
    const { network, fileSystem } = request.permissions;
    return {
      permissions: {
        ...(network === null ? {} : { network }),
        ...(fileSystem === null ? {} : { fileSystem }),
      },
      scope: decision === "accept" ? "turn" : "session",
    };
  }
  if (isGrant(decision)) return { ...decision, scope: decision.scope ?? "turn" };
  throw wrongDecision(request, decision, `${list(GRANT_WORDS)}, or { permissions, scope }`);
}

function isGrant(value: unknown): value is PermissionsRequestApprovalResponse {
  if (!isObject(value) || !isObject(value["permissions"])) return false;
  const { permissions, scope, strictAutoReview } = value;
  return (
    Object.entries(permissions).every(([name, part]) => GRANTED.includes(name) && isObject(part)) &&
    (scope === undefined || scope === "turn" || scope === "session") &&
    (strictAutoReview === undefined || typeof strictAutoReview === "boolean")
  );
}

const GRANTED: readonly string[] = ["network", "fileSystem"];

function toUserInputAnswer(
  request: UserInputRequest,
  decision: unknown,
): ToolRequestUserInputResponse {
  if (decision === "decline") return { answers: {} };
  const ids = request.questions.map(({ id }) => id);
  const expected = `"decline", or { answers } with texts by question id (${list(ids)})`;
  const answers = isObject(decision) ? decision["answers"] : undefined;
  if (!isObject(answers)) throw wrongDecision(request, decision, expected);
  const entries = Object.entries(answers).map(([id, given]) => {
    const texts: unknown[] = [given].flat();
    if (!ids.includes(id) || !texts.every((text) => typeof text === "string")) {
      throw wrongDecision(request, decision, expected);
    }
    return [id, { answers: texts }] as const;
  });
  return { answers: Object.fromEntries(entries) };
}

function toElicitationAnswer(
  request: ElicitationRequest,
  decision: unknown,
): McpServerElicitationRequestResponse {
  if (isObject(decision) && "content" in decision) {
    const { content, _meta = null } = decision;
    // SAFETY: the content is sent as it is, to the server that asked for it and has to check it.
    return { action: "accept", content, _meta } as McpServerElicitationRequestResponse;
  }
  if (!isWord(decision, WORDS)) {
    throw wrongDecision(request, decision, `${list(WORDS)}, or { content }`);
  }
  switch (decision) {
    case "decline":
    case "cancel":
      return { action: decision, content: null, _meta: null };
    case "accept":
      if (needsContent(request)) {
        throw wrongDecision(request, decision, "{ content }, since the form has required fields");
      }
      return { action: "accept", content: request.mode === "url" ? null : {}, _meta: null };
    case "acceptForSession":
      if (request.toolApproval?.canAcceptForSession !== true) {
        throw wrongDecision(
          request,
          decision,
          `"accept" or { content }: this request does not offer a session`,
        );
      }
      return { action: "accept", content: {}, _meta: { persist: "session" } };
  }
}

function needsContent(request: ElicitationRequest): boolean {
  const schema: unknown = "requestedSchema" in request ? request.requestedSchema : undefined;
  const required = isObject(schema) ? schema["required"] : undefined;
  return Array.isArray(required) && required.length > 0;
}

function wrongDecision(
  request: ApprovalRequest,
  decision: unknown,
  expected: string,
): InvalidOptionError {
  return new InvalidOptionError(
    "onApproval",
    `returned ${describe(request, decision)} for a request of the kind ${request.kind}, which was declined; return ${expected}.`,
  );
}

/** Describes a decision without the answers of a user, which may be secret. */
function describe({ kind }: ApprovalRequest, decision: unknown): string {
  const isPrivate = kind === "userInput" || kind === "elicitation";
  if (isObject(decision)) return `an object with ${list(Object.keys(decision)) || "no member"}`;
  return isPrivate && !isWord(decision, WORDS) ? describeType(decision) : describeValue(decision);
}

function list(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(", ");
}
