import type {
  ConfigReadParams,
  GetAccountTokenUsageParams,
  ListMcpServerStatusParams,
  SkillsListParams,
  ThreadSearchParams,
} from "@openai/codex-types";

import { checkBoolean, checkCount, checkText, optionsOf } from "../internal/validate.js";
import { REQUEST_CHECKS, type RequestOptions } from "../rpc/requestOptions.js";
import type { WireOptions } from "./wireOptions.js";

/** Options of `Codex.skills` (`skills/list`). */
export interface SkillsOptions extends WireOptions<SkillsListParams, "cwds">, RequestOptions {
  /** Folder whose skills are listed. Defaults to the working directory of the runtime. */
  readonly cwd?: string | undefined;
}

/** Options of `Codex.mcpServers` (`mcpServerStatus/list`). */
export interface McpServersOptions extends WireOptions<ListMcpServerStatusParams>, RequestOptions {
  /** Thread whose connections to the servers are used. Left out: the servers of the configuration. */
  readonly threadId?: ListMcpServerStatusParams["threadId"] | undefined;
}

/** Options of `Codex.config` (`config/read`). */
export interface ConfigOptions extends WireOptions<ConfigReadParams>, RequestOptions {
  /**
   * True to get the layers of the configuration, too, each with its source.
   *
   * @default false
   */
  readonly includeLayers?: ConfigReadParams["includeLayers"] | undefined;
}

/** Options of `Codex.usage` (`account/usage/read`). */
export interface UsageOptions
  extends WireOptions<NonNullable<GetAccountTokenUsageParams>>, RequestOptions {}

/** Options of `Codex.searchThreads` (`thread/search`). */
export interface SearchThreadsOptions
  extends WireOptions<ThreadSearchParams, "searchTerm">, RequestOptions {}

export const SKILLS_OPTIONS = optionsOf<SkillsOptions>({
  ...REQUEST_CHECKS,
  cwd: true,
  forceReload: checkBoolean,
});

export const MCP_SERVERS_OPTIONS = optionsOf<McpServersOptions>({
  ...REQUEST_CHECKS,
  cursor: true,
  limit: checkCountOrNull,
  detail: true,
  threadId: true,
  serverName: true,
  environmentId: true,
});

export const CONFIG_OPTIONS = optionsOf<ConfigOptions>({
  ...REQUEST_CHECKS,
  cwd: true,
  includeLayers: checkBoolean,
});

export const USAGE_OPTIONS = optionsOf<UsageOptions>({
  ...REQUEST_CHECKS,
  threadId: (name, value) => {
    if (value !== null) checkText(name, value);
  },
});

export const SEARCH_OPTIONS = optionsOf<SearchThreadsOptions>({
  ...REQUEST_CHECKS,
  archived: true,
  cursor: true,
  limit: checkCountOrNull,
  sortKey: true,
  sortDirection: true,
  sourceKinds: true,
  includeAttachedThreads: true,
  currentAccountOnly: true,
});

function checkCountOrNull(name: string, value: unknown): void {
  if (value !== null) checkCount(name, value);
}
