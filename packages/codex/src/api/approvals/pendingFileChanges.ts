import type { FileUpdateChange } from "@openai/codex-types";

import { isObject } from "../../internal/isObject.js";
import { threadIdOf } from "../../router/routingKeys.js";
import type { NotificationMessage } from "../../rpc/message.js";

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

  observe({ method, params }: NotificationMessage): void {
    const threadId = threadIdOf(params);
    if (threadId === undefined || !isObject(params)) return;
    switch (method) {
      case "item/started":
        this.#noteItem(threadId, params["item"]);
        break;
      case "item/fileChange/patchUpdated":
        this.#note(threadId, params["itemId"], params["changes"]);
        break;
      case "item/completed":
        if (isObject(params["item"])) this.#forget(threadId, params["item"]["id"]);
        break;
      // A change that was answered with `cancel` gets no `item/completed`.
      case "turn/completed":
      case "thread/closed":
      case "thread/deleted":
        this.#items = this.#items.filter((item) => item.threadId !== threadId);
        break;
      default:
        break;
    }
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
