import type { TurnResult } from "../../errors/turnResult.js";
import { type RequestOptions, toRequestOptions } from "../../rpc/requestOptions.js";
import { prepareOutput } from "../output/outputSchema.js";
import { checkRequestOptions } from "../readOptions.js";
import type { ThreadOpener } from "../threadOpener.js";
import { openWithin } from "../timeLimit.js";
import { startTurn } from "./startTurn.js";
import { TurnHandle } from "./turnHandle.js";

/**
 * Compacts a thread (`thread/compact/start`) and waits for the end. The response does not name the
 * turn: the thread's next `turn/started` is the compaction's, as its slot is taken until then.
 */
export async function compactThread(
  opener: ThreadOpener,
  threadId: string,
  options: RequestOptions | undefined,
): Promise<TurnResult> {
  checkRequestOptions("compact", options);
  const { runtime } = opener;
  const request = toRequestOptions(options);
  const handle = await openWithin("thread/compact/start", request, async (limit) => {
    const { signal } = limit;
    const slot = await opener.acquire(threadId, { signal });
    const start = { method: "thread/compact/start", params: { threadId } } as const;
    const output = prepareOutput(undefined);
    return startTurn(
      opener,
      start,
      slot,
      signal,
      (route) =>
        new TurnHandle({
          runtime,
          route,
          output,
          reader: undefined,
          limit,
          keeping: opener.keeper,
        }),
    );
  });
  return handle.result;
}
