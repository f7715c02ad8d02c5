import { fileURLToPath } from "node:url";

import type { Codex } from "@openai/codex";

const SCRIPT = fileURLToPath(new URL("../../fake/floodAppServer.mjs", import.meta.url));

/** Notification that the fake sends when its bytes are prepared. They follow it. */
export const READY = "bench/ready";

/** Returns the command of the app-server that sends `deltas` deltas in each of `turns` turns at once. */
export function floodServer(turns: number, deltas: number): [string, ...string[]] {
  return [process.execPath, SCRIPT, `${turns}`, `${deltas}`];
}

/** Resolves to the time at which the next bytes were prepared. */
export async function readySignal(codex: Codex): Promise<number> {
  for await (const { method } of codex.notifications()) {
    // The types have only the methods of the protocol.
    if (`${method}` === READY) return performance.now();
  }
  throw new Error("The fake app-server has ended.");
}
