import { type Harness, message, startHarness } from "@openai/codex/testing";

import { BareTurns } from "../bareTurns.js";
import { codexSdkThreads } from "../codexSdk.js";
import type { StartWorkload } from "../workload.js";

/** Runs one turn on each of `args[0]` threads at once, with a model that answers immediately. */
export const startTurns: StartWorkload = async (party, [threadCount = "1"]) => {
  const harness = await startHarness();
  harness.model.respond(() => [message("done")]);
  const count = Number(threadCount);
  const prepare = RUNS[party];
  if (prepare === undefined) throw new Error(`There is no party ${party}.`);
  const { runs, close } = await prepare(harness, count);
  return {
    round: async () => {
      const start = performance.now();
      await Promise.all(runs.map((run) => run()));
      return { ms: performance.now() - start };
    },
    close: async () => {
      await close();
      await harness.close();
    },
  };
};

interface Runs {
  /** Runs a turn on each thread. */
  readonly runs: readonly (() => Promise<unknown>)[];
  close(): Promise<void>;
}

const RUNS: Readonly<Record<string, (harness: Harness, count: number) => Promise<Runs>>> = {
  sdk: async ({ codex }, count) => {
    const threads = await Promise.all(Array.from({ length: count }, () => codex.startThread()));
    return { runs: threads.map((thread) => () => thread.run("go")), close: async () => undefined };
  },
  bare: async (harness, count) => {
    const turns = BareTurns.ofHarness(harness);
    await turns.client.start();
    const ids = await Promise.all(Array.from({ length: count }, () => turns.startThread()));
    return { runs: ids.map((id) => () => turns.run(id)), close: () => turns.client.close() };
  },
  codexSdk: async (harness, count) => {
    const startThread = await codexSdkThreads(harness);
    const threads = Array.from({ length: count }, () => startThread());
    return { runs: threads.map((thread) => () => thread.run("go")), close: async () => undefined };
  },
};
