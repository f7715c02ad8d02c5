import { Codex } from "@openai/codex";
import { message, startHarness } from "@openai/codex/testing";

import { BareTurns, harnessEnv } from "../bareTurns.js";
import type { StartWorkload } from "../workload.js";

const TURNS = 60;
const TURN_CHARACTERS = 350_000;

/** Resumes a thread of 60 turns and about 40 MB in a new process. */
export const startResume: StartWorkload = async (party) => {
  const harness = await startHarness();
  const { model, codex } = harness;
  const text = "word ".repeat(TURN_CHARACTERS / 5);
  model.respond(() => [message(text)]);
  const { id } = await fillThread(codex, text);
  const round = async () => {
    if (party === "bare") {
      const turns = BareTurns.ofHarness(harness);
      await turns.client.start();
      const start = performance.now();
      await turns.client.request("thread/resume", { threadId: id, excludeTurns: true });
      const ms = performance.now() - start;
      await turns.client.close();
      return { ms };
    }
    const next = new Codex({ cwd: harness.workspace, env: harnessEnv(harness) });
    await next.start();
    const start = performance.now();
    await next.resumeThread(id);
    const ms = performance.now() - start;
    await next.close();
    return { ms };
  };
  return { round, close: () => harness.close() };
};

async function fillThread(codex: Codex, text: string): Promise<{ readonly id: string }> {
  const thread = await codex.startThread();
  for (let turn = 0; turn < TURNS; turn += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await thread.run(text);
  }
  await codex.close();
  return thread;
}
