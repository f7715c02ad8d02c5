import type { ServerNotification } from "@openai/codex-types";

import { onAbort } from "../internal/abort.js";
import type { AsyncQueue } from "../internal/asyncQueue.js";
import type { NotificationMessage } from "../rpc/message.js";
import { toServerNotification } from "./wireTypes.js";

/**
 * A subscription as consumers read it: from the tick in which it was made, not from its first
 * `next()`, so that nothing is lost in between. Ends with the loop, the signal or the connection.
 */
export function toNotificationStream(
  queue: AsyncQueue<NotificationMessage>,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<ServerNotification, void, undefined> {
  const stopListening = onAbort(signal, (reason) => queue.fail(reason));
  const leave = async () => {
    stopListening();
    await queue.return();
    return { value: undefined, done: true } as const;
  };
  return {
    async next() {
      try {
        const { value } = await queue.next();
        return value === undefined
          ? await leave()
          : { value: toServerNotification(value), done: false };
      } catch (error) {
        stopListening();
        throw error;
      }
    },
    return: leave,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
