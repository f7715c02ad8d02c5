import type { AppServerClient } from "../../client/appServerClient.js";
import { raceAbort } from "../../internal/abort.js";
import { prepareOutput } from "../output/outputSchema.js";
import { abandonTurn } from "./interruptTurn.js";
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
  if (place === undefined) throw router.activity.busyError(threadId);
  const next = router.expectTurn(threadId, (turnId) => place.assign(turnId));
  // Once the runtime has taken the request, the thread is the compaction's until that has ended, and
  // a caller who leaves before it has begun has it stopped as soon as it can be.
  const abandon = () => void next.route.then((route) => abandonTurn(client, route)).catch(() => {});
  let isTaken = false;
  await client.dispatch(
    "thread/compact/start",
    { threadId },
    {
      signal,
      onResult: (_result, { hasLeft }) => {
        isTaken = true;
        if (hasLeft) abandon();
      },
      onSettled: () => {
        if (isTaken) return;
        next.cancel();
        place.release();
      },
    },
  );
  const route = await raceAbort(next.route, signal).catch((error: unknown) => {
    abandon();
    throw error;
  });
  return new TurnHandle({ client, route, output: prepareOutput(undefined), signal }).run();
}
