import { GenerationError } from "./generationError.js";
import type { MethodVariant } from "./methods.js";

/** Request method → name of its result type. */
export type ResponseTable = Readonly<Record<string, string>>;

/**
 * The result types of the methods that the naming rule (`XParams` → `XResponse`) does not cover: most
 * have no params, some share a response. The runtime emits no such map, so this one is kept by hand;
 * an entry that the protocol no longer needs stops the generator, as a method without one does.
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
  "remoteControl/status/read": "RemoteControlStatusReadResponse",
  "rollout/compress": "RolloutCompressResponse",
  "windowsSandbox/readiness": "WindowsSandboxReadinessResponse",
};

/**
 * Finds the result type of every request.
 *
 * @throws GenerationError `UNMAPPED_METHOD` that names the methods which neither the rule nor the
 * table covers, `STALE_TABLE_ENTRY` for entries of the table that no request uses.
 */
export function resolveResponses(
  requests: readonly MethodVariant[],
  typeNames: ReadonlySet<string>,
  byHand: ResponseTable,
): ReadonlyMap<string, string> {
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
  if (unmapped.length > 0) {
    throw new GenerationError(
      "UNMAPPED_METHOD",
      `No response type is known for ${unmapped.join(", ")}: the naming rule (XParams → XResponse) finds none. Add an entry to RESPONSES_BY_HAND in tools/typegen/src/responses.ts.`,
    );
  }
  if (stale.size > 0) {
    throw new GenerationError(
      "STALE_TABLE_ENTRY",
      `RESPONSES_BY_HAND in tools/typegen/src/responses.ts lists ${[...stale].join(", ")}, which the protocol no longer has or the naming rule covers. Remove the entries.`,
    );
  }
  return responses;
}
