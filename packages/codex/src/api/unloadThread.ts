import type { RuntimeClient } from "../client/runtimeClient.js";
import { RequestTimeoutError } from "../errors.js";
import { isObject } from "../internal/isObject.js";
import { threadIdOf } from "../router/routingKeys.js";
import { endsThread } from "../router/threadEvents.js";
import type { NotificationMessage } from "../rpc/message.js";
import type { RequestOptions } from "../rpc/requestOptions.js";
import { threadRequest } from "./threadRequest.js";
import { waitWithin } from "./timeLimit.js";

const METHOD = "thread/unsubscribe";

/**
 * Unsubscribes from a thread (`thread/unsubscribe`) and waits until the runtime has unloaded it
 * (`thread/closed`).
 *
 * @throws ThreadBusyError when the thread has an active turn, whose end nobody would see;
 * ThreadNotFoundError when the thread neither is loaded nor stored.
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
  let isAnswered = false;
  try {
    await waitWithin(METHOD, options, async (signal) => {
      // A turn that is being stopped ends first.
      (await threads.acquire(threadId, { signal })).release();
      const response: unknown = await runtime.dispatch(METHOD, { threadId }, { signal });
      isAnswered = true;
      // The runtime gives the same answer for a thread that does not exist.
      if (isObject(response) && response["status"] === "notLoaded") {
        const params = { threadId, includeTurns: false };
        await threadRequest(runtime, "thread/read", params, { signal });
      } else await closed;
    });
  } catch (error) {
    const { timeoutMs } = options;
    if (!isAnswered || timeoutMs === undefined || !(error instanceof RequestTimeoutError))
      throw error;
    throw new RequestTimeoutError(
      METHOD,
      timeoutMs,
      "was answered, and thread/closed did not follow",
    );
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
