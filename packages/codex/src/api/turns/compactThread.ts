import type { TurnResult } from "../../errors/turnResult.js";
import { checkOptions } from "../../internal/validate.js";
import { prepareOutput } from "../output/outputSchema.js";
import { WAIT_OPTIONS, type WaitOptions } from "../readOptions.js";
import type { ThreadOpener } from "../threadOpener.js";
import { startTurn } from "./startTurn.js";
import { TurnHandle } from "./turnHandle.js";

/**
 * Compacts a thread (`thread/compact/start`) and waits for the end. The response does not name the
 * turn: the thread's next `turn/started` is the compaction's, as its slot is taken until then.
 */
export async function compactThread(
  opener: ThreadOpener,
  threadId: string,
  options: WaitOptions | undefined,
): Promise<TurnResult> {
  checkOptions("compact", options, WAIT_OPTIONS);
  const signal = options?.signal;
  const { runtime } = opener;
  signal?.throwIfAborted();
  if (!opener.isSubscribed(threadId)) await opener.subscribe(threadId, signal);
  const slot = await runtime.router.threads.acquire(threadId, { signal });
  const start = { method: "thread/compact/start", params: { threadId } } as const;
  const output = prepareOutput(undefined);
  const handle = await startTurn(
    runtime,
    start,
    slot,
    signal,
    (route) => new TurnHandle({ runtime, route, output, reader: undefined, signal }),
  );
  return handle.result;
}
