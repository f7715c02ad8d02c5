import type { ReviewStartParams } from "@openai/codex-types";

import {
  checkObject,
  checkOptions,
  checkSignal,
  checkText,
  optionsOf,
} from "../../internal/validate.js";
import { prepareOutput } from "../output/outputSchema.js";
import type { ThreadOpener } from "../threadOpener.js";
import { definedOnly, type WireOptions } from "../wireOptions.js";
import { startTurn } from "./startTurn.js";
import { TurnHandle } from "./turnHandle.js";

/** Options of `review` (`review/start`). */
export type ReviewOptions = Pick<ReviewStartParams, "target"> &
  WireOptions<ReviewStartParams, "threadId" | "target"> & {
    /** Aborting interrupts the review on the runtime, and rejects with the signal's reason. */
    readonly signal?: AbortSignal | undefined;
  };

const REVIEW_OPTIONS = optionsOf<ReviewOptions>({
  target: checkObject,
  delivery: true,
  signal: checkSignal,
});

/** Starts a review (`review/start`), which is a turn on the thread that the response names. */
export async function reviewThread(
  opener: ThreadOpener,
  threadId: string,
  reviewOptions: ReviewOptions,
): Promise<TurnHandle> {
  checkText("threadId", threadId);
  checkObject("the options of review", reviewOptions);
  checkOptions("review", reviewOptions, REVIEW_OPTIONS);
  checkObject("target", reviewOptions.target);
  const { signal, ...options } = reviewOptions;
  const { runtime } = opener;
  signal?.throwIfAborted();
  if (!opener.isSubscribed(threadId)) await opener.subscribe(threadId, signal);
  const slot = await runtime.router.threads.acquire(threadId, { signal });
  const start = { method: "review/start", params: definedOnly({ threadId, ...options }) } as const;
  const output = prepareOutput(undefined);
  return startTurn(runtime, start, slot, signal, (route) => {
    const reader = route.openReader();
    return new TurnHandle({ runtime, route, output, reader, signal });
  });
}
