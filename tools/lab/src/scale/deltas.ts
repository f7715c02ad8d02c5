import { Codex } from "@openai/codex";

import { floodServer, readySignal } from "../bench/floodServer.js";
import { heapBytes } from "../heapBytes.js";

/** A turn of many text deltas, which a fake app-server writes as fast as the pipe takes them. */
export interface DeltasScale {
  readonly deltas: number;
  /** Events that `run()` takes in a second. */
  readonly eventsPerSecond: number;
  /** Heap that is held once the turn has ended. */
  readonly heldBytes: number;
}

/** Measures `run()` over a turn of `deltas` text deltas. */
export async function measureDeltas(deltas: number): Promise<DeltasScale> {
  await using codex = new Codex({ launchArgs: floodServer(1, deltas) });
  const thread = await codex.startThread();
  const before = await heapBytes();
  const ready = readySignal(codex);
  await thread.run("go");
  const ms = performance.now() - (await ready);
  const heldBytes = (await heapBytes()) - before;
  return { deltas, eventsPerSecond: (deltas / ms) * 1000, heldBytes };
}
