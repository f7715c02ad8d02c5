import type { FileUpdateChange } from "@openai/codex-types";

import { isObject } from "../../internal/isObject.js";
import type { Observers } from "../../router/observers.js";
import { threadIdOf } from "../../router/routingKeys.js";
import { CLOSING_METHODS } from "../../router/threadEvents.js";

/** More items than this cannot be waiting for an answer; the oldest is forgotten then. */
const MAX_ITEMS = 256;

interface PendingItem {
  readonly threadId: string;
  readonly itemId: string;
  readonly changes: readonly FileUpdateChange[];
}

/** Remembers what the file-change items in progress would change, for the requests that do not repeat it. */
export class PendingFileChanges {
  #items: PendingItem[] = [];

  /** Number of items that are remembered. */
  get size(): number {
    return this.#items.length;
  }

  /** Changes that the item would make; `null` when they are not known. */
  find(threadId: string, itemId: string): readonly FileUpdateChange[] | null {
    return this.#items.find(isItem(threadId, itemId))?.changes ?? null;
  }

  /** Follows the notifications that begin, change and end items, while they are wanted. */
  observe(observers: Observers, isWanted: () => boolean): void {
    const follow = (
      methods: Iterable<string>,
      note: (threadId: string, params: Readonly<Record<string, unknown>>) => void,
    ) =>
      observers.add(methods, ({ params }) => {
        const threadId = threadIdOf(params);
        if (threadId !== undefined && isObject(params) && isWanted()) note(threadId, params);
      });
    follow(["item/started"], (threadId, { item }) => this.#noteItem(threadId, item));
    follow(["item/fileChange/patchUpdated"], (threadId, { itemId, changes }) =>
      this.#note(threadId, itemId, changes),
    );
    follow(["item/completed"], (threadId, { item }) => {
      if (isObject(item)) this.#forget(threadId, item["id"]);
    });
    // A change that was answered with `cancel` gets no `item/completed`.
    follow(["turn/completed", ...CLOSING_METHODS], (threadId) => {
      this.#items = this.#items.filter((item) => item.threadId !== threadId);
    });
  }

  #noteItem(threadId: string, item: unknown): void {
    if (!isObject(item) || item["type"] !== "fileChange") return;
    this.#note(threadId, item["id"], item["changes"]);
  }

  #note(threadId: string, itemId: unknown, changes: unknown): void {
    if (typeof itemId !== "string" || !Array.isArray(changes)) return;
    this.#forget(threadId, itemId);
    // The protocol says what a file-change item's changes are.
    this.#items.push({ threadId, itemId, changes: changes as readonly FileUpdateChange[] });
    if (this.#items.length > MAX_ITEMS) this.#items.shift();
  }

  #forget(threadId: string, itemId: unknown): void {
    const index = this.#items.findIndex(isItem(threadId, itemId));
    if (index >= 0) this.#items.splice(index, 1);
  }
}

function isItem(threadId: string, itemId: unknown): (item: PendingItem) => boolean {
  return (item) => item.threadId === threadId && item.itemId === itemId;
}
