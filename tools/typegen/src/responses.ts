import type { MethodVariant } from "./methods.js";

/** Request method → name of its result type. */
export type ResponseTable = Readonly<Record<string, string>>;

/**
 * The result types of the methods that the naming rule (`XParams` → `XResponse`) does not cover: most
 * have no params, some share a response. The runtime emits no such map, so this one is maintained by
 * hand. The generated manifest lists the methods that lack an entry and the entries that are not needed
 * any more; a test requires both lists to be empty.
 */
export const RESPONSES_BY_HAND: ResponseTable = {
  "account/gatewayOAuth/cancel": "GatewayOAuthCancelResponse",
  "account/logout": "LogoutAccountResponse",
  "account/securitySetup/read": "GetAccountSecuritySetupResponse",
  "account/workspaceMessages/read": "GetWorkspaceMessagesResponse",
  "accountSession/list": "AccountSessionsResponse",
  "config/batchWrite": "ConfigWriteResponse",
  "config/mcpServer/reload": "McpServerRefreshResponse",
  "config/value/write": "ConfigWriteResponse",
  "configRequirements/read": "ConfigRequirementsReadResponse",
  "externalAgentConfig/import/readHistories": "ExternalAgentConfigImportHistoriesReadResponse",
  "memory/reset": "MemoryResetResponse",
  "modelProvider/default/set": "ConfigWriteResponse",
  "remoteControl/status/read": "RemoteControlStatusReadResponse",
  "rollout/compress": "RolloutCompressResponse",
  "windowsSandbox/readiness": "WindowsSandboxReadinessResponse",
};

/** The result types of the requests, and what a person has to decide about {@link RESPONSES_BY_HAND}. */
export interface ResolvedResponses {
  /** Request method → name of its result type; without the unmapped ones. */
  readonly responses: ReadonlyMap<string, string>;
  /** Methods that neither the naming rule nor the table covers; their result is `unknown` until then. */
  readonly unmapped: readonly string[];
  /** Entries of the table that the protocol no longer has, or that the naming rule covers. */
  readonly stale: readonly string[];
}

/** Finds the result type of every request. */
export function resolveResponses(
  requests: readonly MethodVariant[],
  typeNames: ReadonlySet<string>,
  byHand: ResponseTable,
): ResolvedResponses {
  const responses = new Map<string, string>();
  const unmapped: string[] = [];
  const stale = new Set(Object.keys(byHand));
  for (const { method, paramsName } of requests) {
    const byRule = paramsName?.endsWith("Params")
      ? paramsName.replace(/Params$/, "Response")
      : undefined;
    const response = byRule !== undefined && typeNames.has(byRule) ? byRule : byHand[method];
    if (response !== undefined && response !== byRule) stale.delete(method);
    if (response === undefined || !typeNames.has(response)) unmapped.push(method);
    else responses.set(method, response);
  }
  return { responses, unmapped, stale: [...stale] };
}
