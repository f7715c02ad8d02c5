import type { ReviewStartParams } from "@openai/codex-types";

import type { AppServerClient } from "../../client/appServerClient.js";
import { CodexProtocolError } from "../../errors.js";
import { turnIdOf } from "../../router/routingKeys.js";
import type { TurnRoute } from "../../router/turnRoute.js";
import { isObject } from "../../rpc/message.js";
import { prepareOutput } from "../output/outputSchema.js";
import type { WireOptions } from "../threadOptions.js";
import { interruptTurn } from "./interruptTurn.js";
import { TurnHandle } from "./turn.js";

/** The options of `review` (`review/start`). */
export type ReviewOptions = Pick<ReviewStartParams, "target"> &
  WireOptions<ReviewStartParams, "threadId" | "target"> & {
    /** Aborting interrupts the review on the runtime, and rejects with the signal's reason. */
    readonly signal?: AbortSignal | undefined;
  };

/** Starts a review, which is a turn on the thread that the response names. */
export async function startReview(
  client: AppServerClient,
  threadId: string,
  { signal, ...options }: ReviewOptions,
): Promise<TurnHandle> {
  const { router } = client;
  signal?.throwIfAborted();
  const place = router.activity.reserve(threadId);
  if (place === undefined) {
    throw router.activity.busyError(threadId);
  }
  const pending = router.beginTurn(threadId);
  let route: TurnRoute | undefined;
  await client.dispatch(
    "review/start",
    { threadId, ...options },
    {
      signal,
      onResult: (result, { hasLeft }) => {
        const turnId = turnIdOf(result);
        const reviewThreadId = isObject(result) ? result["reviewThreadId"] : undefined;
        if (turnId === undefined || typeof reviewThreadId !== "string") {
          throw new CodexProtocolError("the response to review/start names no turn or thread");
        }
        place.assign(turnId);
        route = pending.claim(turnId, reviewThreadId);
        if (!hasLeft) return;
        route.discard();
        void interruptTurn(client, route).catch(() => {});
      },
      onSettled: () => {
        pending.settle();
        if (route === undefined || route.isOver) place.release();
      },
    },
  );
  // `dispatch` resolves only after `onResult` has run to its end.
  if (route === undefined) throw new CodexProtocolError("review/start was answered without a turn");
  return new TurnHandle({ client, route, output: prepareOutput(undefined), signal });
}
