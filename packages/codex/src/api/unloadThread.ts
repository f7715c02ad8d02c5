import type { RuntimeClient } from "../client/runtimeClient.js";
import { isObject } from "../internal/isObject.js";
import { threadIdOf } from "../router/routingKeys.js";
import { endsThread } from "../router/threadEvents.js";
import type { NotificationMessage } from "../rpc/message.js";
import type { RequestOptions } from "../rpc/requestOptions.js";
import { waitWithin } from "./timeLimit.js";

const METHOD = "thread/unsubscribe";

/**
 * Unsubscribes from a thread (`thread/unsubscribe`) and waits until the runtime has unloaded it
 * (`thread/closed`).
 *
 * @throws ThreadBusyError when the thread has an active turn, whose end nobody would see.
 */
export async function unloadThread(
  runtime: RuntimeClient,
  threadId: string,
  options: RequestOptions,
): Promise<void> {
  options.signal?.throwIfAborted();
  const { threads } = runtime.router;
  // Opened before the request, so that no report is missed. An open queue holds the host process.
  const notifications = runtime.subscribe();
  const closed = nextClose(notifications, threadId);
  // The request rejects with the same end of the connection.
  closed.catch(() => {});
  try {
    await waitWithin(METHOD, options, async (signal) => {
      // A turn that is being stopped ends first.
      (await threads.acquire(threadId, { signal })).release();
      const response: unknown = await runtime.dispatch(METHOD, { threadId }, { signal });
      if (!isObject(response) || response["status"] !== "notLoaded") await closed;
    });
  } finally {
    await notifications.return();
  }
}

async function nextClose(
  notifications: AsyncIterable<NotificationMessage>,
  threadId: string,
): Promise<void> {
  for await (const message of notifications) {
    if (endsThread(message) && threadIdOf(message.params) === threadId) return;
  }
}
