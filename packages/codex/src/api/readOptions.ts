import type { ThreadItemsListParams, ThreadTurnsListParams } from "@openai/codex-types";

import { checkBoolean, checkOptions, checkSignal, optionsOf } from "../internal/validate.js";
import { REQUEST_CHECKS, type RequestOptions } from "../rpc/requestOptions.js";
import type { WireOptions } from "./wireOptions.js";

/** Options of a method that waits. Aborting ends the wait; unless the method documents otherwise, the runtime continues. */
export interface WaitOptions {
  /** Aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `Thread.read` (`thread/read`). */
export interface ReadThreadOptions extends RequestOptions {
  /**
   * Includes the stored turns.
   *
   * @default false
   */
  readonly includeTurns?: boolean | undefined;
}

/** Options of `Thread.listTurns` (`thread/turns/list`). */
export interface ListTurnsOptions
  extends WireOptions<ThreadTurnsListParams, "threadId">, RequestOptions {}

/** Options of `Thread.listItems` (`thread/items/list`). */
export interface ListItemsOptions
  extends WireOptions<ThreadItemsListParams, "threadId">, RequestOptions {}

/** Options of `Codex.models` (`model/list`). */
export interface ModelsOptions extends RequestOptions {
  /**
   * Includes models that pickers do not show.
   *
   * @default false
   */
  readonly includeHidden?: boolean | undefined;
}

/** Options of `Codex.account` (`account/read`). */
export interface AccountOptions extends RequestOptions {
  /**
   * Refreshes the token first.
   *
   * @default false
   */
  readonly refreshToken?: boolean | undefined;
}

export const WAIT_OPTIONS = optionsOf<WaitOptions>({ signal: checkSignal });
export const READ_OPTIONS = optionsOf<ReadThreadOptions>({
  ...REQUEST_CHECKS,
  includeTurns: checkBoolean,
});
export const MODELS_OPTIONS = optionsOf<ModelsOptions>({
  ...REQUEST_CHECKS,
  includeHidden: checkBoolean,
});
export const ACCOUNT_OPTIONS = optionsOf<AccountOptions>({
  ...REQUEST_CHECKS,
  refreshToken: checkBoolean,
});
export const TURNS_OPTIONS = optionsOf<ListTurnsOptions>({
  ...REQUEST_CHECKS,
  cursor: true,
  limit: true,
  sortDirection: true,
  itemsView: true,
});
export const ITEMS_OPTIONS = optionsOf<ListItemsOptions>({
  ...REQUEST_CHECKS,
  turnId: true,
  cursor: true,
  limit: true,
  sortDirection: true,
  deferOutput: true,
});
const REQUEST_OPTIONS = optionsOf<RequestOptions>(REQUEST_CHECKS);

/** Checks the options of a method that has only those of its request. */
export function checkRequestOptions(method: string, options: RequestOptions | undefined): void {
  checkOptions(method, options, REQUEST_OPTIONS);
}
