import type {
  JsonValue,
  ThreadArchiveResponse,
  ThreadDeleteResponse,
  ThreadItemEntry,
  ThreadItemsListResponse,
  ThreadReadResponse,
  ThreadRevertResponse,
  ThreadSetNameResponse,
  ThreadTurnsListResponse,
  Turn,
} from "@openai/codex-types";

import { checkOptions, checkText } from "../internal/validate.js";
import { type RequestOptions, toRequestOptions } from "../rpc/requestOptions.js";
import { injectItems } from "./injectItems.js";
import { iteratePages } from "./iteratePages.js";
import {
  checkRequestOptions,
  ITEMS_OPTIONS,
  type ListItemsOptions,
  type ListTurnsOptions,
  READ_OPTIONS,
  type ReadThreadOptions,
  TURNS_OPTIONS,
} from "./readOptions.js";
import type { ThreadOpener } from "./threadOpener.js";
import { threadRequest } from "./threadRequest.js";
import { waitWithin } from "./timeLimit.js";
import { unloadThread } from "./unloadThread.js";
import { withoutRequestOptions } from "./wireOptions.js";

/** The methods of a thread that work on what the runtime has stored, without resuming the thread. */
export abstract class ThreadRecord {
  /** The thread's id, by which any client can resume it. */
  readonly id: string;
  readonly #opener: ThreadOpener;

  /** @internal */
  constructor(opener: ThreadOpener, id: string) {
    this.#opener = opener;
    this.id = id;
  }

  /** Reads the stored thread (`thread/read`), with its turns on demand. */
  async read(options: ReadThreadOptions = {}): Promise<ThreadReadResponse> {
    checkOptions("read", options, READ_OPTIONS);
    const { includeTurns = false } = options;
    const params = { threadId: this.id, includeTurns };
    return threadRequest(this.#opener.runtime, "thread/read", params, toRequestOptions(options));
  }

  /** Reads one page of the thread's turns (`thread/turns/list`), newest first unless `sortDirection` is `asc`. */
  async listTurns(options: ListTurnsOptions = {}): Promise<ThreadTurnsListResponse> {
    checkOptions("listTurns", options, TURNS_OPTIONS);
    const params = { ...withoutRequestOptions(options), threadId: this.id };
    return threadRequest(
      this.#opener.runtime,
      "thread/turns/list",
      params,
      toRequestOptions(options),
    );
  }

  /** Reads one page of the thread's items, of all turns or of one (`thread/items/list`). */
  async listItems(options: ListItemsOptions = {}): Promise<ThreadItemsListResponse> {
    checkOptions("listItems", options, ITEMS_OPTIONS);
    const params = { ...withoutRequestOptions(options), threadId: this.id };
    return threadRequest(
      this.#opener.runtime,
      "thread/items/list",
      params,
      toRequestOptions(options),
    );
  }

  /**
   * Iterates over the thread's turns, page after page (`thread/turns/list`), newest first unless
   * `sortDirection` is `asc`; `limit` is the size of a page.
   */
  iterateTurns(options: ListTurnsOptions = {}): AsyncGenerator<Turn, void, undefined> {
    checkOptions("iterateTurns", options, TURNS_OPTIONS);
    return iteratePages("thread/turns/list", options.cursor, (cursor) =>
      this.listTurns({ ...options, cursor }),
    );
  }

  /**
   * Iterates over the thread's items, page after page (`thread/items/list`); `limit` is the size of a
   * page.
   */
  iterateItems(options: ListItemsOptions = {}): AsyncGenerator<ThreadItemEntry, void, undefined> {
    checkOptions("iterateItems", options, ITEMS_OPTIONS);
    return iteratePages("thread/items/list", options.cursor, (cursor) =>
      this.listItems({ ...options, cursor }),
    );
  }

  /**
   * Adds items of the Responses API to the history that the model reads (`thread/inject_items`), without
   * a turn. The thread is resumed first, unless it is open in this client.
   *
   * @throws InvalidOptionError before anything is sent, when `items` is not a list of objects.
   */
  async inject(items: readonly JsonValue[], options?: RequestOptions): Promise<void> {
    checkRequestOptions("inject", options);
    return injectItems(this.#opener, this.id, items, toRequestOptions(options));
  }

  /** Takes back a turn and all after it (`thread/revert`). Files that they changed stay as they are. */
  async revert(beforeTurnId: string, options?: RequestOptions): Promise<ThreadRevertResponse> {
    checkText("beforeTurnId", beforeTurnId);
    checkRequestOptions("revert", options);
    const params = { threadId: this.id, beforeTurnId };
    return waitWithin("thread/revert", toRequestOptions(options), async (signal) => {
      await this.#opener.subscribe(this.id, signal);
      return threadRequest(this.#opener.runtime, "thread/revert", params, { signal });
    });
  }

  /** Names the thread (`thread/name/set`). */
  async setName(name: string, options?: RequestOptions): Promise<ThreadSetNameResponse> {
    checkText("name", name);
    checkRequestOptions("setName", options);
    const params = { threadId: this.id, name };
    return threadRequest(
      this.#opener.runtime,
      "thread/name/set",
      params,
      toRequestOptions(options),
    );
  }

  /** Puts the thread into the archive (`thread/archive`); `unarchive` brings it back. */
  async archive(options?: RequestOptions): Promise<ThreadArchiveResponse> {
    checkRequestOptions("archive", options);
    const params = { threadId: this.id };
    return threadRequest(this.#opener.runtime, "thread/archive", params, toRequestOptions(options));
  }

  /** Brings the thread back from the archive (`thread/unarchive`). The next turn resumes it. */
  async unarchive(options?: RequestOptions): Promise<void> {
    checkRequestOptions("unarchive", options);
    await this.#opener.unarchive(this.id, toRequestOptions(options));
  }

  /** Deletes the thread for good (`thread/delete`). One that a fork builds on is refused. */
  async delete(options?: RequestOptions): Promise<ThreadDeleteResponse> {
    checkRequestOptions("delete", options);
    const { keeper, runtime } = this.#opener;
    const params = { threadId: this.id };
    const request = toRequestOptions(options);
    if (keeper === undefined) return threadRequest(runtime, "thread/delete", params, request);
    return waitWithin("thread/delete", request, async (signal) => {
      // A thread of another home has files here only then.
      await keeper.open(this.id, runtime.options.cwd ?? process.cwd(), signal);
      const send = () => threadRequest(runtime, "thread/delete", params, { signal });
      return keeper.delete(this.id, send);
    });
  }

  /**
   * Unsubscribes this client from the thread (`thread/unsubscribe`) and waits until the runtime has
   * unloaded it (`thread/closed`), which `thread_unload_delay_secs` of the configuration delays, and
   * another subscribed client prevents. The next turn resumes the thread, with its sandbox, its approval
   * handler and its tools.
   *
   * @throws ThreadBusyError when the thread has an active turn.
   */
  async unload(options?: RequestOptions): Promise<void> {
    checkRequestOptions("unload", options);
    await unloadThread(this.#opener.runtime, this.id, toRequestOptions(options));
    await this.#opener.keeper?.released();
  }
}
