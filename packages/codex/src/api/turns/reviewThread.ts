import type { ReviewStartParams } from "@openai/codex-types";

import { checkObject, checkOptions, checkText, optionsOf } from "../../internal/validate.js";
import { REQUEST_CHECKS, toRequestOptions } from "../../rpc/requestOptions.js";
import { prepareOutput } from "../output/outputSchema.js";
import type { ThreadOpener } from "../threadOpener.js";
import { openWithin } from "../timeLimit.js";
import { definedOnly, type WireOptions } from "../wireOptions.js";
import { startTurn } from "./startTurn.js";
import { TurnHandle } from "./turnHandle.js";

/** Options of `review` (`review/start`). */
export type ReviewOptions = WireOptions<ReviewStartParams, "threadId" | "target"> & {
  /** Code to review: uncommitted changes, a branch, a commit, or instructions of one's own. */
  readonly target: ReviewStartParams["target"];
  /** Aborting interrupts the review on the runtime, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Time limit of the review, in milliseconds: it is interrupted then, with a `TurnTimeoutError`. */
  readonly timeoutMs?: number | undefined;
};

const REVIEW_OPTIONS = optionsOf<ReviewOptions>({
  target: checkObject,
  delivery: true,
  ...REQUEST_CHECKS,
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
  const { signal: _signal, timeoutMs: _timeoutMs, ...options } = reviewOptions;
  const { runtime } = opener;
  return openWithin("review/start", toRequestOptions(reviewOptions), async (limit) => {
    const { signal } = limit;
    const slot = await opener.acquire(threadId, { signal });
    const params = definedOnly({ threadId, ...options });
    const output = prepareOutput(undefined);
    return startTurn(opener, { method: "review/start", params }, slot, signal, (route) => {
      const reader = route.openReader();
      const skillFolder = { cwd: opener.settings.get(threadId)?.cwd };
      const keeping = opener.keeper;
      return new TurnHandle({ runtime, route, output, reader, skillFolder, limit, keeping });
    });
  });
}
