import type { TurnStartParams } from "@openai/codex-types";

import type { AppServerClient } from "../../client/appServerClient.js";
import { CodexProtocolError } from "../../errors.js";
import { raceAbort } from "../../internal/abort.js";
import { turnIdOf } from "../../router/routingKeys.js";
import type { TurnReservation } from "../../router/threadActivity.js";
import type { TurnRoute } from "../../router/turnRoute.js";
import { InvalidRequestError } from "../../rpc/rpcErrors.js";
import { interruptTurn } from "./interruptTurn.js";
import type { WhenBusy } from "./turnOptions.js";

export interface StartTurnOptions {
  readonly whenBusy?: WhenBusy | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts a turn (`turn/start`) on a thread that is free for it. The runtime would let a start on a
 * busy thread join the active turn; here that takes a word from the caller.
 */
export async function startTurn(
  client: AppServerClient,
  params: TurnStartParams,
  { whenBusy, signal }: StartTurnOptions,
): Promise<{ readonly route: TurnRoute; readonly hasJoined: boolean }> {
  const { threadId } = params;
  const { activity } = client.router;
  signal?.throwIfAborted();
  for (;;) {
    const place = activity.reserve(threadId);
    if (place !== undefined) {
      return { route: await sendStart(client, params, place, signal), hasJoined: false };
    }
    switch (whenBusy) {
      case undefined:
        throw activity.busyError(threadId);
      case "queue": {
        const queued = await waitForPlace(client, threadId, signal);
        return { route: await sendStart(client, params, queued, signal), hasJoined: false };
      }
      case "steer": {
        // A goal's events are its own handle's: one that joined its turn would get none.
        if (activity.occupantOf(threadId)?.isGoal === true) throw activity.busyError(threadId);
        const route = await joinActiveTurn(client, params, signal);
        if (route !== undefined) return { route, hasJoined: true };
      }
    }
  }
}

async function sendStart(
  client: AppServerClient,
  params: TurnStartParams,
  place: TurnReservation,
  signal: AbortSignal | undefined,
): Promise<TurnRoute> {
  const pending = client.router.beginTurn(params.threadId);
  let route: TurnRoute | undefined;
  await client.dispatch("turn/start", params, {
    signal,
    onResult: (result, { hasLeft }) => {
      const turnId = turnIdOf(result);
      if (turnId === undefined) {
        throw new CodexProtocolError("the response to turn/start names no turn");
      }
      place.assign(turnId);
      route = pending.claim(turnId);
      if (hasLeft) abandonTurn(client, route);
    },
    onSettled: () => {
      pending.settle();
      if (route === undefined || route.isOver) place.release();
    },
  });
  // `dispatch` resolves only after `onResult` has run to its end.
  if (route === undefined) throw new CodexProtocolError("turn/start was answered without a turn");
  return route;
}

/** The caller aborted before the turn had a name: nobody will read it, so it is stopped. */
function abandonTurn(client: AppServerClient, route: TurnRoute): void {
  route.discard();
  // The caller already has the abort's reason; a runtime that is gone has stopped the turn, too.
  void interruptTurn(client, route).catch(() => {});
}

async function waitForPlace(
  client: AppServerClient,
  threadId: string,
  signal: AbortSignal | undefined,
): Promise<TurnReservation> {
  const { place, leave } = client.router.activity.enqueue(threadId);
  try {
    return await raceAbort(place, signal);
  } catch (error) {
    leave();
    throw error;
  }
}

/** Adds the input to the active turn; `undefined` when that has ended meanwhile. */
async function joinActiveTurn(
  client: AppServerClient,
  { threadId, input }: TurnStartParams,
  signal: AbortSignal | undefined,
): Promise<TurnRoute | undefined> {
  const { router } = client;
  const turnId = await raceAbort(router.activity.activeTurnId(threadId), signal);
  if (turnId === undefined) return undefined;
  let route: TurnRoute | undefined;
  try {
    await client.dispatch(
      "turn/steer",
      { threadId, expectedTurnId: turnId, input },
      { signal, onResult: () => (route = router.followRunningTurn(threadId, turnId)) },
    );
    return route;
  } catch (error) {
    const hasEnded =
      error instanceof InvalidRequestError &&
      /no active turn|expected active turn/.test(error.message);
    if (!hasEnded) throw error;
    router.activity.noteEnded(threadId, turnId);
    return undefined;
  }
}
