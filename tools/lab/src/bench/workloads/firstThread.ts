import { Codex } from "@openai/codex";
import { startHarness } from "@openai/codex/testing";

import { BareTurns, harnessEnv } from "../bareTurns.js";
import type { StartWorkload } from "../workload.js";

/** Starts a client and its first thread. Closing is not measured. */
export const startFirstThread: StartWorkload = async (party) => {
  const harness = await startHarness();
  const round = async () => {
    const start = performance.now();
    if (party === "bare") {
      const turns = BareTurns.ofHarness(harness);
      await turns.client.start();
      await turns.startThread();
      const ms = performance.now() - start;
      await turns.client.close();
      return { ms };
    }
    const codex = new Codex({ cwd: harness.workspace, env: harnessEnv(harness) });
    await codex.startThread();
    const ms = performance.now() - start;
    await codex.close();
    return { ms };
  };
  return { round, close: () => harness.close() };
};
