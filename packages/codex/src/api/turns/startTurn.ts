import type { RuntimeClient } from "../../client/runtimeClient.js";
import { CodexProtocolError } from "../../errors.js";
import { onAbort } from "../../internal/abort.js";
import { isObject } from "../../internal/isObject.js";
import type { PendingTurn } from "../../router/pendingTurn.js";
import { turnIdOf } from "../../router/routingKeys.js";
import type { TurnSlot } from "../../router/threadQueue.js";
import type { TurnRoute } from "../../router/turnRoute.js";
import type { ThreadOpener } from "../threadOpener.js";
import { abandonTurn } from "./interruptTurn.js";
import { traceTurn } from "./traceTurn.js";

/** A request that starts a turn. */
export interface TurnStart {
  readonly method: "turn/start" | "review/start" | "thread/compact/start";
  readonly params: { readonly threadId: string; readonly model?: string | null | undefined };
}

/**
 * Starts a turn in a slot of its thread, and calls `onClaimed` in the tick in which the turn is known:
 * when the response is read, or where that does not name it (compaction), when `turn/started` is. The
 * slot is free again when the start fails. A turn whose caller has left meanwhile is stopped.
 */
export function startTurn<Claimed>(
  opener: ThreadOpener,
  start: TurnStart,
  slot: TurnSlot,
  signal: AbortSignal | undefined,
  onClaimed: (route: TurnRoute) => Claimed,
): Promise<Claimed> {
  return traceTurn(opener, start, (onRoute) =>
    requestTurn(opener.runtime, start, slot, signal, (route) => {
      onRoute(route);
      return onClaimed(route);
    }),
  );
}

function requestTurn<Claimed>(
  runtime: RuntimeClient,
  { method, params }: TurnStart,
  slot: TurnSlot,
  signal: AbortSignal | undefined,
  onClaimed: (route: TurnRoute) => Claimed,
): Promise<Claimed> {
  const pending = runtime.router.beginTurn(slot);
  const isNamed = method !== "thread/compact/start";
  let isAccepted = false;
  let hasLeft = false;
  return new Promise((resolve, reject) => {
    const leave = (reason: unknown) => {
      hasLeft = true;
      pending.leave();
      reject(reason);
    };
    const stopListening = onAbort(signal, leave);
    const onAnnounced = (route: TurnRoute) => {
      stopListening();
      if (hasLeft) abandonTurn(runtime, route);
      else resolve(onClaimed(route));
    };
    pending.onClaimed = onAnnounced;
    if (!isNamed) runtime.router.expectTurn(pending);
    pending.failed.catch((error: unknown) => {
      stopListening();
      reject(error);
    });
    runtime
      .dispatch(method, params, {
        signal,
        onResult: (result) => {
          isAccepted = true;
          if (isNamed) claim(method, pending, result);
        },
        onSettled: () => {
          if (isNamed || !isAccepted) pending.settle();
        },
      })
      .catch((error: unknown) => {
        stopListening();
        reject(error);
      });
  });
}

function claim(method: string, pending: PendingTurn, result: unknown): void {
  const turnId = turnIdOf(result);
  if (turnId === undefined) {
    throw new CodexProtocolError(`the response to ${method} does not name a turn`);
  }
  pending.claim(turnId, reviewThreadIdOf(result));
}

/** A review may run on another thread than the one that it reviews. */
function reviewThreadIdOf(result: unknown): string | undefined {
  const threadId = isObject(result) ? result["reviewThreadId"] : undefined;
  return typeof threadId === "string" ? threadId : undefined;
}
