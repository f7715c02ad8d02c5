import type { RuntimeClient } from "../client/runtimeClient.js";
import { isObject } from "../internal/isObject.js";
import { clearTimeout, setTimeout } from "../internal/timers.js";
import { threadIdOf } from "../router/routingKeys.js";
import { closesThread } from "../router/threadEvents.js";
import type { RequestOptions } from "../rpc/requestOptions.js";
import { waitWithin } from "./timeLimit.js";

const METHOD = "thread/unsubscribe";

/** The longest delay that a timer of the host keeps. */
const HOLD_MS = 2 ** 31 - 1;

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
  if (threads.occupantOf(threadId) !== undefined) throw threads.busyError(threadId);
  let stopObserving = () => {};
  const closed = new Promise<void>((resolve) => {
    stopObserving = runtime.router.observe((message) => {
      if (closesThread(message) && threadIdOf(message.params) === threadId) resolve();
    });
  });
  // No request is in flight during the wait, so that nothing else keeps the host process alive.
  const held = setTimeout(() => {}, HOLD_MS);
  const unload = async () => {
    const response: unknown = await runtime.dispatch(METHOD, { threadId });
    if (isObject(response) && response["status"] === "notLoaded") return;
    const ended = runtime.closed.then((reason) => Promise.reject(reason));
    await Promise.race([closed, ended]);
  };
  try {
    await waitWithin(METHOD, options, unload);
  } finally {
    clearTimeout(held);
    stopObserving();
  }
}
