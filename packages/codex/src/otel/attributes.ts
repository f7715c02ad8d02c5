import type { Attributes } from "@opentelemetry/api";

import { isObject } from "../internal/isObject.js";
import type { ToolTrace, TurnTrace } from "../tracing/traces.js";

/** Names of the attributes, after the semantic conventions for generative AI, for RPC and for errors. */
export const ATTRIBUTE = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  agent: "gen_ai.agent.name",
  conversation: "gen_ai.conversation.id",
  model: "gen_ai.request.model",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cacheReadTokens: "gen_ai.usage.cache_read.input_tokens",
  cacheWriteTokens: "gen_ai.usage.cache_creation.input_tokens",
  tokenType: "gen_ai.token.type",
  tool: "gen_ai.tool.name",
  toolType: "gen_ai.tool.type",
  toolCall: "gen_ai.tool.call.id",
  errorType: "error.type",
  rpcSystem: "rpc.system.name",
  rpcMethod: "rpc.method",
  turn: "codex.turn.id",
  turnStatus: "codex.turn.status",
  turnMethod: "codex.turn.method",
  approvalKind: "codex.approval.kind",
  approvalDecision: "codex.approval.decision",
  item: "codex.item.id",
  transport: "codex.transport",
  runtimeVersion: "codex.runtime.version",
} as const;

/** Name of the agent, in spans and metrics. */
export const AGENT = "codex";

/** The runtime's own default. */
const DEFAULT_PROVIDER = "openai";

/** Attributes of a turn that spans and metrics have. */
export function turnAttributes({ model, modelProvider }: TurnTrace): Attributes {
  return definedOnly({
    [ATTRIBUTE.operation]: "invoke_agent",
    [ATTRIBUTE.provider]: modelProvider ?? DEFAULT_PROVIDER,
    [ATTRIBUTE.agent]: AGENT,
    [ATTRIBUTE.model]: model,
  });
}

/** Attributes of a tool call that spans and metrics have. */
export function toolAttributes({ tool }: ToolTrace): Attributes {
  return { [ATTRIBUTE.operation]: "execute_tool", [ATTRIBUTE.tool]: tool };
}

/** Returns the `error.type` of an operation that has ended; without members where there is no error. */
export function errorAttributes(trace: { readonly error?: unknown }): Attributes {
  const type = errorTypeOf(trace);
  return type === undefined ? {} : { [ATTRIBUTE.errorType]: type };
}

function errorTypeOf(trace: object): string | undefined {
  // A tool that throws has answered the model with the message, and has not failed as an operation.
  if (Reflect.get(trace, "isSuccess") === false) return "tool_error";
  const error: unknown = Reflect.get(trace, "error");
  if (error === undefined) return undefined;
  const { code, name } = isObject(error) ? error : {};
  return (
    [code, name].find((text) => typeof text === "string" && text !== "")?.toString() ?? "_OTHER"
  );
}

/** Leaves out the attributes that are not known. */
export function definedOnly(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
