import type { AppServerClient } from "../../client/appServerClient.js";
import type { TurnRoute } from "../../router/turnRoute.js";
import { InvalidRequestError } from "../../rpc/rpcErrors.js";

/** How long to wait for `turn/started` before the interrupt is tried all the same. */
const STARTED_WAIT_MS = 1000;
const FIRST_RETRY_MS = 10;
const LAST_RETRY_MS = 640;

/**
 * Interrupts a turn (`turn/interrupt`), and waits until the runtime can take it: between the answer
 * to `turn/start` and `turn/started` it refuses. Resolves at once for a turn that is over.
 */
export async function interruptTurn(client: AppServerClient, route: TurnRoute): Promise<void> {
  await passesWithin(route.interruptible, STARTED_WAIT_MS);
  for (let delayMs = FIRST_RETRY_MS; !route.isOver; delayMs *= 2) {
    try {
      await client.request("turn/interrupt", {
        threadId: route.threadId,
        turnId: route.interruptId,
      });
      return;
    } catch (error) {
      // It may have ended meanwhile, its last event still on the way, or not have begun yet.
      if (!isNoActiveTurn(error) || delayMs > LAST_RETRY_MS) throw error;
      await passesWithin(route.over, delayMs);
    }
  }
}

/** Stops a turn whose caller left before it had a name: nobody will read it. */
export function abandonTurn(client: AppServerClient, route: TurnRoute): void {
  route.discard();
  // The caller already has the abort's reason; a runtime that is gone has stopped the turn, too.
  void interruptTurn(client, route).catch(() => {});
}

function isNoActiveTurn(error: unknown): boolean {
  return error instanceof InvalidRequestError && error.message.includes("no active turn");
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
