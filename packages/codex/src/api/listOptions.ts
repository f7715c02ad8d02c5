import type { ThreadListParams } from "@openai/codex-types";

import { checkOptions, optionsOf } from "../internal/validate.js";
import { REQUEST_CHECKS, type RequestOptions } from "../rpc/requestOptions.js";
import { type WireOptions, withoutRequestOptions } from "./wireOptions.js";

/** The options of `listThreads` and `iterateThreads` (`thread/list`). */
export interface ListThreadsOptions extends WireOptions<ThreadListParams>, RequestOptions {}

const LIST_OPTIONS = optionsOf<ListThreadsOptions>({
  ...REQUEST_CHECKS,
  archived: true,
  cursor: true,
  cwd: true,
  limit: true,
  modelProviders: true,
  searchTerm: true,
  sortDirection: true,
  sortKey: true,
  sourceKinds: true,
  useStateDbOnly: true,
  includeAttachedThreads: true,
  currentAccountOnly: true,
  includedThreadIds: true,
  excludedThreadIds: true,
  originators: true,
  sectionId: true,
  projectId: true,
  parentThreadId: true,
  ancestorThreadId: true,
  attachedToThreadId: true,
});

/** The params of `thread/list`. */
export function toListParams(options: ListThreadsOptions): ThreadListParams {
  checkListOptions(options);
  return withoutRequestOptions(options);
}

/** Checks the options of `listThreads` and `iterateThreads`. */
export function checkListOptions(options: unknown): void {
  checkOptions("listThreads", options, LIST_OPTIONS);
}
