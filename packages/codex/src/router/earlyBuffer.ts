import type { NotificationMessage } from "../rpc/message.js";
import { BACKLOG_MERGE_THRESHOLD, mergeTextDeltas } from "./backlog.js";

/**
 * Keeps what may belong to starts that are still unanswered (turns, login attempts). Bounded by
 * construction: nothing is kept while no start is under way, and each start takes its share or
 * lets it go when it settles. A flood of text in between is folded, as in a turn's own backlog.
 */
export class EarlyBuffer {
  #starts = 0;
  #messages: { readonly key: string; readonly message: NotificationMessage }[] = [];

  /** A start has been sent. */
  open(): void {
    this.#starts += 1;
  }

  /** A start has settled. Returns what nobody claimed, once no other start can. */
  close(): readonly NotificationMessage[] {
    this.#starts -= 1;
    return this.#starts === 0 ? this.#take(() => true) : [];
  }

  /** Keeps the message, if a start is under way that may claim it. */
  offer(key: string, message: NotificationMessage): boolean {
    if (this.#starts === 0) return false;
    const newest = this.#messages.at(-1);
    const merged =
      newest?.key === key && this.#messages.length >= BACKLOG_MERGE_THRESHOLD
        ? mergeTextDeltas(newest.message, message)
        : undefined;
    if (merged === undefined) this.#messages.push({ key, message });
    else this.#messages[this.#messages.length - 1] = { key, message: merged };
    return true;
  }

  /** Hands out, in order, what came early under this key. */
  claim(key: string): readonly NotificationMessage[] {
    return this.#take((candidate) => candidate === key);
  }

  clear(): void {
    this.#messages = [];
  }

  #take(isWanted: (key: string) => boolean): readonly NotificationMessage[] {
    const taken = this.#messages.filter(({ key }) => isWanted(key));
    this.#messages = this.#messages.filter(({ key }) => !isWanted(key));
    return taken.map(({ message }) => message);
  }
}
