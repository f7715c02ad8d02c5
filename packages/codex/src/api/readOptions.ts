import type { ThreadItemsListParams, ThreadTurnsListParams } from "@openai/codex-types";

import { checkBoolean, checkSignal, optionsOf } from "../internal/validate.js";
import type { WireOptions } from "./wireOptions.js";

/** Options of a method that waits. Aborting ends the wait; unless the method documents otherwise, the runtime continues. */
export interface WaitOptions {
  /** Aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `Thread.read` (`thread/read`). */
export interface ReadThreadOptions {
  /**
   * Includes the stored turns.
   *
   * @default false
   */
  readonly includeTurns?: boolean | undefined;
}

/** Options of `Thread.listTurns` (`thread/turns/list`). */
export type ListTurnsOptions = WireOptions<ThreadTurnsListParams, "threadId">;

/** Options of `Thread.listItems` (`thread/items/list`). */
export type ListItemsOptions = WireOptions<ThreadItemsListParams, "threadId">;

/** Options of `Codex.models` (`model/list`). */
export interface ModelsOptions {
  /**
   * Includes models that pickers do not show.
   *
   * @default false
   */
  readonly includeHidden?: boolean | undefined;
}

/** Options of `Codex.account` (`account/read`). */
export interface AccountOptions {
  /**
   * Refreshes the token first.
   *
   * @default false
   */
  readonly refreshToken?: boolean | undefined;
}

export const WAIT_OPTIONS = optionsOf<WaitOptions>({ signal: checkSignal });
export const READ_OPTIONS = optionsOf<ReadThreadOptions>({ includeTurns: checkBoolean });
export const MODELS_OPTIONS = optionsOf<ModelsOptions>({ includeHidden: checkBoolean });
export const ACCOUNT_OPTIONS = optionsOf<AccountOptions>({ refreshToken: checkBoolean });
export const TURNS_OPTIONS = optionsOf<ListTurnsOptions>({
  cursor: true,
  limit: true,
  sortDirection: true,
  itemsView: true,
});
export const ITEMS_OPTIONS = optionsOf<ListItemsOptions>({
  turnId: true,
  cursor: true,
  limit: true,
  sortDirection: true,
  deferOutput: true,
});
