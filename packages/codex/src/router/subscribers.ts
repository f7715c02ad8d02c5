import { type CodexError, NotificationBacklogError } from "../errors.js";
import { AsyncQueue } from "../internal/asyncQueue.js";
import { isObject } from "../internal/isObject.js";
import { toWaiterError } from "../rpc/closeReason.js";
import type { NotificationMessage } from "../rpc/message.js";
import { BACKLOG_MERGE_THRESHOLD, mergeTextDeltas, NOTIFICATION_BACKLOG_LIMIT } from "./backlog.js";

/** Method of the notifications that bring the output of a command. */
export const OUTPUT_METHOD = "command/exec/outputDelta";

/** Readers of the notifications that nobody else owns, each with a bounded queue of its own. */
export class Subscribers {
  readonly #queues = new Set<AsyncQueue<NotificationMessage>>();
  /** Ids of processes whose output has a reader of its own. */
  readonly ownedProcesses = new Set<unknown>();
  #closeReason: CodexError | undefined;

  /** Number of readers. */
  get size(): number {
    return this.#queues.size;
  }

  /** Opens a queue of all notifications from now on; `onRelease` is called when its reader has left. */
  subscribe(onRelease: () => void): AsyncQueue<NotificationMessage> {
    const queue: AsyncQueue<NotificationMessage> = new AsyncQueue({
      mergeAbove: BACKLOG_MERGE_THRESHOLD,
      merge: mergeTextDeltas,
      onRelease: () => {
        this.#queues.delete(queue);
        onRelease();
      },
    });
    if (this.#closeReason === undefined) this.#queues.add(queue);
    else queue.fail(toWaiterError(this.#closeReason, "notifications()"));
    return queue;
  }

  publish(message: NotificationMessage): void {
    if (message.method === OUTPUT_METHOD && this.#isOwned(message.params)) return;
    for (const queue of this.#queues) {
      queue.push(message);
      if (queue.size <= NOTIFICATION_BACKLOG_LIMIT) continue;
      queue.fail(new NotificationBacklogError(NOTIFICATION_BACKLOG_LIMIT));
      this.#queues.delete(queue);
    }
  }

  #isOwned(params: unknown): boolean {
    return isObject(params) && this.ownedProcesses.has(params["processId"]);
  }

  /** Ends every queue behind what it has, because the connection has ended. */
  fail(reason: CodexError): void {
    this.#closeReason = reason;
    const queues = [...this.#queues];
    this.#queues.clear();
    for (const queue of queues) queue.fail(toWaiterError(reason, "notifications()"));
  }
}
