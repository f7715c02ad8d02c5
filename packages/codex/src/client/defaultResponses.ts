import type { ResultOf, ServerRequestMethod } from "@openai/codex-types";

import type { Answer } from "../rpc/connectionListener.js";
import type { RequestMessage } from "../rpc/message.js";

type Refusals = {
  readonly [M in ServerRequestMethod]: { readonly result: ResultOf<M> } | "notSupported";
};

/** Default responses to unhandled server requests. Never grants anything. */
const REFUSALS: Refusals = {
  "item/commandExecution/requestApproval": { result: { decision: "decline" } },
  "item/fileChange/requestApproval": { result: { decision: "decline" } },
  "item/permissions/requestApproval": { result: { permissions: {}, scope: "turn" } },
  "item/tool/requestUserInput": { result: { answers: {} } },
  "item/tool/call": {
    result: {
      success: false,
      contentItems: [{ type: "inputText", text: "The application has no tool of this name." }],
    },
  },
  "mcpServer/elicitation/request": { result: { action: "decline", content: null, _meta: null } },
  applyPatchApproval: {
    result: { decision: { denied: { rejection: "The application approves nothing." } } },
  },
  execCommandApproval: {
    result: { decision: { denied: { rejection: "The application approves nothing." } } },
  },
  "account/chatgptAuthTokens/refresh": "notSupported",
  "attestation/generate": "notSupported",
};

const METHOD_NOT_FOUND = -32601;
const INTERNAL_ERROR = -32603;

/** Makes the response to a request that no handler answered, or whose handler failed with `error`. */
export function toDefaultResponse(request: RequestMessage, error?: unknown): Answer {
  const refusal = isKnown(request.method) ? REFUSALS[request.method] : "notSupported";
  if (refusal !== "notSupported") return refusal;
  if (error !== undefined) {
    const message = error instanceof Error ? error.message : String(error);
    return { error: { code: INTERNAL_ERROR, message } };
  }
  return {
    error: {
      code: METHOD_NOT_FOUND,
      message: `${request.method} has no handler in this client`,
    },
  };
}

function isKnown(method: string): method is ServerRequestMethod {
  return Object.hasOwn(REFUSALS, method);
}
