import { OWN_LIMIT } from "../../client/ownRequests.js";
import type { RuntimeClient } from "../../client/runtimeClient.js";
import { clearTimeout, setTimeout } from "../../internal/timers.js";
import type { TurnRoute } from "../../router/turnRoute.js";
import type { DispatchOptions } from "../../rpc/requestOptions.js";
import { isNoActiveTurn } from "../../rpc/runtimeErrors.js";

/** Longest wait for `turn/started` before the interrupt is tried all the same, in milliseconds. */
const STARTED_WAIT_MS = 1000;
const FIRST_RETRY_MS = 10;
const LAST_RETRY_MS = 640;

/**
 * Interrupts a turn (`turn/interrupt`), and waits until the app-server accepts it: between the
 * response to `turn/start` and `turn/started` it refuses. Does nothing for a turn that has ended. The
 * next start on the thread waits for the turn's end.
 */
export async function interruptTurn(
  runtime: RuntimeClient,
  route: TurnRoute,
  options: DispatchOptions = {},
): Promise<void> {
  const { threads } = runtime.router;
  threads.noteStopping(route.threadId, route.id);
  await passesWithin(route.interruptible, STARTED_WAIT_MS);
  for (let delayMs = FIRST_RETRY_MS; route.end === undefined; delayMs *= 2) {
    try {
      const params = { threadId: route.threadId, turnId: route.interruptId };
      // The end of the turn is what was asked for, whether or not the response comes.
      await Promise.race([runtime.dispatch("turn/interrupt", params, options), endOf(route)]);
      return;
    } catch (error) {
      // The turn may have ended, its last event still on the way, or not have begun yet.
      if (!isNoActiveTurn(error) || delayMs > LAST_RETRY_MS) throw error;
      await passesWithin(endOf(route), delayMs);
    }
  }
}

/** Stops a turn whose caller has left, without waiting for it. A silent runtime does not hold the request. */
export function abandonTurn(runtime: RuntimeClient, route: TurnRoute): void {
  // The caller has its reason already; a runtime that is gone has stopped the turn, too.
  void interruptTurn(runtime, route, OWN_LIMIT).catch(() => {});
}

/** Resolves at the end of the turn; not at that of the connection, with which the request rejects. */
function endOf(route: TurnRoute): Promise<void> {
  return new Promise((resolve) => {
    route.onEnd((end) => {
      if (end.kind !== "failed") resolve();
    });
  });
}

/** Resolves with the event, and at the latest after `ms`. */
export function passesWithin(event: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void event.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
