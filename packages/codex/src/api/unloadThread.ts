import type { RuntimeClient } from "../client/runtimeClient.js";
import { RequestTimeoutError } from "../errors.js";
import { onAbort } from "../internal/abort.js";
import { isObject } from "../internal/isObject.js";
import { clearTimeout as clearHold, setTimeout as hold } from "../internal/timers.js";
import { threadIdOf } from "../router/routingKeys.js";
import { closesThread } from "../router/threadEvents.js";
import type { RequestOptions } from "../rpc/requestOptions.js";

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
  const { signal, timeoutMs } = options;
  signal?.throwIfAborted();
  const { threads } = runtime.router;
  if (threads.occupantOf(threadId) !== undefined) throw threads.busyError(threadId);
  const watch = watchClosing(runtime, threadId);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopListening = () => {};
  // No request is in flight during the wait, so that nothing else keeps the host process alive.
  const held = hold(() => {}, HOLD_MS);
  try {
    const left = new Promise<never>((_resolve, reject) => {
      stopListening = onAbort(signal, reject);
      if (timeoutMs === undefined) return;
      timer = setTimeout(() => reject(new RequestTimeoutError(METHOD, timeoutMs)), timeoutMs);
    });
    const ended = runtime.closed.then((reason) => Promise.reject(reason));
    await Promise.race([unload(runtime, threadId, options, watch.closed), left, ended]);
  } finally {
    clearTimeout(timer);
    clearHold(held);
    stopListening();
    watch.end();
  }
}

async function unload(
  runtime: RuntimeClient,
  threadId: string,
  options: RequestOptions,
  closed: Promise<void>,
): Promise<void> {
  const response: unknown = await runtime.dispatch(METHOD, { threadId }, options);
  if (isObject(response) && response["status"] === "notLoaded") return;
  await closed;
}

function watchClosing(runtime: RuntimeClient, threadId: string) {
  let end = () => {};
  const closed = new Promise<void>((resolve) => {
    end = runtime.router.observe((message) => {
      if (closesThread(message) && threadIdOf(message.params) === threadId) resolve();
    });
  });
  return { closed, end };
}
