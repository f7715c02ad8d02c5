import type { ReviewStartParams, TurnStartParams } from "@openai/codex-types";

import type { AppServerClient } from "../../client/appServerClient.js";
import { CodexProtocolError } from "../../errors.js";
import { turnIdOf } from "../../router/routingKeys.js";
import type { TurnReservation } from "../../router/threadActivity.js";
import type { TurnRoute } from "../../router/turnRoute.js";
import { isObject } from "../../rpc/message.js";
import { abandonTurn } from "./interruptTurn.js";

/** A request whose answer names the turn that it has started. */
export type TurnStart =
  | { readonly method: "turn/start"; readonly params: TurnStartParams }
  | { readonly method: "review/start"; readonly params: ReviewStartParams };

/**
 * Sends a turn's start, and routes the turn from the tick of the answer on. The thread's place is the
 * turn's from then, and free again when the start comes to nothing. A turn whose caller has left
 * meanwhile is stopped.
 */
export async function sendTurnStart(
  client: AppServerClient,
  { method, params }: TurnStart,
  place: TurnReservation,
  signal: AbortSignal | undefined,
): Promise<TurnRoute> {
  const pending = client.router.beginTurn(params.threadId);
  let route: TurnRoute | undefined;
  await client.dispatch(method, params, {
    signal,
    onResult: (result, { hasLeft }) => {
      const turnId = turnIdOf(result);
      if (turnId === undefined) {
        throw new CodexProtocolError(`the response to ${method} names no turn`);
      }
      place.assign(turnId);
      route = pending.claim(turnId, reviewThreadIdOf(result));
      if (hasLeft) abandonTurn(client, route);
    },
    onSettled: () => {
      pending.settle();
      if (route === undefined || route.isOver) place.release();
    },
  });
  // `dispatch` resolves only after `onResult` has run to its end.
  if (route === undefined) throw new CodexProtocolError(`${method} was answered without a turn`);
  return route;
}

/** A review may run on another thread than the one that it is of. */
function reviewThreadIdOf(result: unknown): string | undefined {
  const threadId = isObject(result) ? result["reviewThreadId"] : undefined;
  return typeof threadId === "string" ? threadId : undefined;
}
