import type { ThreadItemsListParams, ThreadTurnsListParams } from "@openai/codex-types";

import { namesOf } from "./knownOptions.js";
import type { WireOptions } from "./threadOptions.js";

/** Ends a wait; what is waited for goes on in the runtime, where the method does not say otherwise. */
export interface WaitOptions {
  /** Aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The options of `Thread.read` (`thread/read`). */
export interface ReadThreadOptions {
  /** Whether the stored turns come along. Default `false`. */
  readonly includeTurns?: boolean | undefined;
}

/** The options of `Thread.listTurns` (`thread/turns/list`). */
export type ListTurnsOptions = WireOptions<ThreadTurnsListParams, "threadId">;

/** The options of `Thread.listItems` (`thread/items/list`). */
export type ListItemsOptions = WireOptions<ThreadItemsListParams, "threadId">;

/** The options of `Codex.models` (`model/list`). */
export interface ModelsOptions {
  /** Whether models that pickers leave out are listed, too. Default `false`. */
  readonly includeHidden?: boolean | undefined;
}

/** The options of `Codex.account` (`account/read`). */
export interface AccountOptions {
  /** Whether the token is refreshed first. Default `false`. */
  readonly refreshToken?: boolean | undefined;
}

export const WAIT_NAMES = namesOf<WaitOptions>({ signal: true });
export const READ_NAMES = namesOf<ReadThreadOptions>({ includeTurns: true });
export const MODELS_NAMES = namesOf<ModelsOptions>({ includeHidden: true });
export const ACCOUNT_NAMES = namesOf<AccountOptions>({ refreshToken: true });
export const TURNS_NAMES = namesOf<ListTurnsOptions>({
  cursor: true,
  limit: true,
  sortDirection: true,
  itemsView: true,
});
export const ITEMS_NAMES = namesOf<ListItemsOptions>({
  turnId: true,
  cursor: true,
  limit: true,
  sortDirection: true,
  deferOutput: true,
});
