import type { ReviewStartParams } from "@openai/codex-types";

import type { AppServerClient } from "../../client/appServerClient.js";
import { checkOptions, namesOf } from "../knownOptions.js";
import { prepareOutput } from "../output/outputSchema.js";
import { definedOnly, type WireOptions } from "../threadOptions.js";
import { sendTurnStart } from "./sendTurnStart.js";
import { TurnHandle } from "./turn.js";

/** The options of `review` (`review/start`). */
export type ReviewOptions = Pick<ReviewStartParams, "target"> &
  WireOptions<ReviewStartParams, "threadId" | "target"> & {
    /** Aborting interrupts the review on the runtime, and rejects with the signal's reason. */
    readonly signal?: AbortSignal | undefined;
  };

const REVIEW_NAMES = namesOf<ReviewOptions>({ target: true, delivery: true, signal: true });

/** Starts a review, which is a turn on the thread that the response names. */
export async function startReview(
  client: AppServerClient,
  threadId: string,
  reviewOptions: ReviewOptions,
): Promise<TurnHandle> {
  checkOptions("review", reviewOptions, REVIEW_NAMES);
  const { signal, ...options } = reviewOptions;
  const { router } = client;
  signal?.throwIfAborted();
  const place = router.activity.reserve(threadId);
  if (place === undefined) throw router.activity.busyError(threadId);
  const start = { method: "review/start", params: definedOnly({ threadId, ...options }) } as const;
  const route = await sendTurnStart(client, start, place, signal);
  return new TurnHandle({ client, route, output: prepareOutput(undefined), signal });
}
