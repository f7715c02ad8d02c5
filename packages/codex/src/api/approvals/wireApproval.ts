import type {
  FileUpdateChange,
  JsonValue,
  ParamsOf,
  ServerRequestMethod,
} from "@openai/codex-types";

import { isObject } from "../../internal/isObject.js";
import type { RequestMessage } from "../../rpc/message.js";
import type { ApprovalRequest, McpToolApproval } from "./approvalRequest.js";

/** Wire methods that `onApproval` handles. */
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

/** Finds the changes of a file-change item. */
export type FindChanges = (threadId: string, itemId: string) => readonly FileUpdateChange[] | null;

/** Converts a wire request to the form that `onApproval` receives. */
export function toApprovalRequest(
  message: RequestMessage,
  findChanges: FindChanges,
): ApprovalRequest {
  // SAFETY: the router passes only the methods above, and the protocol ties the params to the method.
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

/** Reads the `_meta` by which the runtime marks its own question about a tool call. */
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
