import type {
  FileUpdateChange,
  JsonValue,
  ParamsOf,
  ServerRequestMethod,
} from "@openai/codex-types";

import { isObject, type RequestMessage } from "../../rpc/message.js";
import type { ApprovalKind, ApprovalRequest, McpToolApproval } from "./approvalRequest.js";

/** The wire methods that become a request for `onApproval`. */
export const APPROVAL_METHODS = [
  "item/commandExecution/requestApproval",
  "item/fileChange/requestApproval",
  "item/permissions/requestApproval",
  "item/tool/requestUserInput",
  "mcpServer/elicitation/request",
] as const satisfies readonly ServerRequestMethod[];

type ApprovalMethod = (typeof APPROVAL_METHODS)[number];

type ApprovalMessage = {
  [M in ApprovalMethod]: { readonly method: M; readonly params: ParamsOf<M> };
}[ApprovalMethod];

/** Finds what a file-change item would change. */
export type FindChanges = (threadId: string, itemId: string) => readonly FileUpdateChange[] | null;

/** The wire's request in the form that `onApproval` gets. */
export function toApprovalRequest(
  message: RequestMessage,
  findChanges: FindChanges,
): ApprovalRequest {
  // The router hands over the methods above alone, and the protocol ties the params to the method.
  const request = message as unknown as ApprovalMessage;
  switch (request.method) {
    case "item/commandExecution/requestApproval": {
      const { kind: commandKind, ...params } = request.params;
      return { ...params, kind: "command", commandKind };
    }
    case "item/fileChange/requestApproval": {
      const { threadId, itemId } = request.params;
      return { ...request.params, kind: "fileChange", changes: findChanges(threadId, itemId) };
    }
    case "item/permissions/requestApproval":
      return { ...request.params, kind: "permissions" };
    case "item/tool/requestUserInput":
      return { ...request.params, kind: "userInput" };
    case "mcpServer/elicitation/request":
      return {
        ...request.params,
        kind: "elicitation",
        toolApproval: toToolApproval(request.params._meta),
      };
  }
}

/** The runtime marks its own question about a tool call in the elicitation's `_meta`. */
function toToolApproval(meta: JsonValue | null): McpToolApproval | null {
  if (!isObject(meta) || meta["codex_approval_kind"] !== "mcp_tool_call") return null;
  const { tool_name: name, tool_description: description, tool_params: toolParams, persist } = meta;
  return {
    toolName: typeof name === "string" ? name : "",
    toolDescription: typeof description === "string" ? description : null,
    toolParams,
    canAcceptForSession: [persist].flat().includes("session"),
  };
}

/** Every kind, as a list that the type checker keeps whole. */
const KINDS: Readonly<Record<ApprovalKind, true>> = {
  command: true,
  fileChange: true,
  permissions: true,
  userInput: true,
  elicitation: true,
};

export const APPROVAL_KINDS: readonly string[] = Object.keys(KINDS);
