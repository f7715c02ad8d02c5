import type { TurnStartParams } from "@openai/codex-types";

import type { AppServerClient } from "../../client/appServerClient.js";
import { raceAbort } from "../../internal/abort.js";
import type { TurnReservation } from "../../router/threadActivity.js";
import type { TurnRoute } from "../../router/turnRoute.js";
import { InvalidRequestError } from "../../rpc/rpcErrors.js";
import { sendTurnStart } from "./sendTurnStart.js";
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
  const start = { method: "turn/start", params } as const;
  signal?.throwIfAborted();
  for (;;) {
    const place = activity.reserve(threadId);
    if (place !== undefined) {
      return { route: await sendTurnStart(client, start, place, signal), hasJoined: false };
    }
    switch (whenBusy) {
      case undefined:
        throw activity.busyError(threadId);
      case "queue": {
        const queued = await waitForPlace(client, threadId, signal);
        return { route: await sendTurnStart(client, start, queued, signal), hasJoined: false };
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
      {
        signal,
        onResult: (_result, { hasLeft }) => {
          if (!hasLeft) route = router.followRunningTurn(threadId, turnId);
        },
      },
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
