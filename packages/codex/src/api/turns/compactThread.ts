import type { AppServerClient } from "../../client/appServerClient.js";
import { raceAbort } from "../../internal/abort.js";
import { prepareOutput } from "../output/outputSchema.js";
import { TurnHandle } from "./turn.js";
import type { TurnResult } from "./turnResult.js";

/**
 * Compacts a thread (`thread/compact/start`). The response names no turn: the thread's next
 * `turn/started` is the compaction's, as the place for a turn is taken until then.
 */
export async function compactThread(
  client: AppServerClient,
  threadId: string,
  signal: AbortSignal | undefined,
): Promise<TurnResult> {
  const { router } = client;
  signal?.throwIfAborted();
  const place = router.activity.reserve(threadId);
  if (place === undefined) {
    throw router.activity.busyError(threadId);
  }
  const next = router.expectTurn(threadId, (turnId) => place.assign(turnId));
  try {
    await client.dispatch("thread/compact/start", { threadId }, { signal });
    const route = await raceAbort(next.route, signal);
    return await new TurnHandle({ client, route, output: prepareOutput(undefined), signal }).run();
  } catch (error) {
    next.cancel();
    place.release();
    throw error;
  }
}
