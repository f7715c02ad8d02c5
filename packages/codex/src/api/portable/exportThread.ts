import { raceAbort } from "../../internal/abort.js";
import { checkText } from "../../internal/validate.js";
import { type RequestOptions, toRequestOptions } from "../../rpc/requestOptions.js";
import { checkRequestOptions } from "../readOptions.js";
import type { ThreadOpener } from "../threadOpener.js";
import { waitWithin } from "../timeLimit.js";
import { collectBundle } from "./collectBundle.js";
import { checkCanCarry } from "./rolloutFile.js";
import type { ThreadBundle } from "./threadBundle.js";

/** Exports a thread that is at rest. See `Codex.exportThread`. */
export async function exportThread(
  opener: ThreadOpener,
  threadId: string,
  options: RequestOptions | undefined,
): Promise<ThreadBundle> {
  checkText("threadId", threadId);
  checkRequestOptions("exportThread", options);
  checkCanCarry(opener.runtime, "exportThread");
  return waitWithin("exportThread", toRequestOptions(options), async (signal) => {
    // No turn of this client starts while the rollouts are read.
    const slot = await opener.runtime.router.threads.acquire(threadId, { signal });
    try {
      const updated = opener.updates.settled(threadId);
      if (updated !== undefined) await raceAbort(updated, signal);
      return await collectBundle(opener, threadId, { signal, isCut: false });
    } finally {
      slot.release();
    }
  });
}
