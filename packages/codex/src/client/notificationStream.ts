import type { ServerNotification } from "@openai/codex-types";

import { onAbort } from "../internal/abort.js";
import type { AsyncQueue } from "../internal/asyncQueue.js";
import type { NotificationMessage } from "../rpc/message.js";

/**
 * Shows a queue of notifications to its reader. Each `next()` is the queue's own promise: a stream
 * with a wrapper would wake later than another one, and readers would lose the order of the wire.
 */
export function toNotificationStream(
  queue: AsyncQueue<NotificationMessage>,
  signal?: AbortSignal | undefined,
): AsyncIterableIterator<ServerNotification> {
  const stopListening = onAbort(signal, (reason) => queue.abort(reason));
  queue.onRelease(stopListening);
  // SAFETY: the protocol ties params to the method, and a message that is not of the pinned protocol is
  // the union's unknown variant; it is passed on unchecked, so that a newer runtime breaks nothing.
  const notifications = queue as unknown as AsyncQueue<ServerNotification>;
  return {
    next: () => notifications.next(),
    return: () => notifications.return(),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
