import { message, startHarness } from "@openai/codex/testing";

import { median } from "../bench/interleave.js";

/** Turns whose median time is taken at each length of the thread. */
const SAMPLE = 5;

/** A turn on a thread that has `turns` turns. */
export interface TurnsScale {
  readonly turns: number;
  /** Median time of a turn at this length, in milliseconds. */
  readonly turnMs: number;
}

/** Measures the time of a turn as one thread grows to each of `lengths`, with a model that answers immediately. */
export async function measureTurns(lengths: readonly number[]): Promise<readonly TurnsScale[]> {
  await using harness = await startHarness();
  harness.model.respond(() => [message("done")]);
  const thread = await harness.codex.startThread();
  const measured: TurnsScale[] = [];
  let turns = 0;
  for (const length of lengths) {
    const times: number[] = [];
    for (; turns < length + SAMPLE; turns += 1) {
      const start = performance.now();
      // oxlint-disable-next-line no-await-in-loop
      await thread.run("go");
      if (turns >= length) times.push(performance.now() - start);
    }
    measured.push({ turns: length, turnMs: median(times) });
  }
  return measured;
}
