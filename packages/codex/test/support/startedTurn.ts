import type { NotificationRouter } from "../../src/router/notificationRouter.js";
import type { PendingTurn } from "../../src/router/pendingTurn.js";
import type { TurnReader, TurnRoute } from "../../src/router/turnRoute.js";

/** A claimed turn, with the queue that was opened in the tick of the claim. */
export interface ClaimedTurn {
  readonly route: TurnRoute;
  readonly events: TurnReader;
}

/** Begins a turn on a thread, also on a busy one, as the start of a test. */
export function beginTurn(router: NotificationRouter, threadId = "thread-1") {
  const slot = router.threads.reserve(threadId) ?? {
    threadId,
    assign: () => {},
    markStopping: () => {},
    release: () => {},
  };
  const pending: PendingTurn = router.beginTurn(slot);
  const claim = (turnId: string, otherThreadId?: string): ClaimedTurn => {
    let claimed: ClaimedTurn | undefined;
    pending.onClaimed = (route) => {
      claimed = { route, events: route.openReader() };
    };
    pending.claim(turnId, otherThreadId);
    if (claimed === undefined) throw new Error(`turn ${turnId} was not claimed`);
    return claimed;
  };
  return { pending, claim };
}

/** A turn whose start was answered with this id. */
export function startedTurn(
  router: NotificationRouter,
  turnId: string,
  threadId = "thread-1",
): ClaimedTurn {
  return beginTurn(router, threadId).claim(turnId);
}
