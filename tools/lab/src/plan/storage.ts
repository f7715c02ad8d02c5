import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { message, startHarness } from "@openai/codex/testing";

import type { StorageFigures } from "./figures.js";

const THREADS = 20;
const TURNS = 20;

/** Measures what a home takes on disk: its stored threads, of one turn and of more, and all the rest. */
export async function measureStorage(): Promise<StorageFigures> {
  await using harness = await startHarness();
  const { codex, codexHome, model } = harness;
  model.respond(() => [message("A short answer.")]);
  const sessions = join(codexHome, "sessions");
  for (let i = 0; i < THREADS; i++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as they are counted
    await (await codex.startThread()).run("A short question.");
  }
  const withThreads = await sizeOf(sessions);
  const thread = await codex.startThread();
  await thread.run("A short question.");
  const before = await sizeOf(sessions);
  for (let i = 0; i < TURNS; i++) {
    // oxlint-disable-next-line no-await-in-loop -- a thread runs one turn at a time
    await thread.run("A short question.");
  }
  const after = await sizeOf(sessions);
  return {
    restKb: ((await sizeOf(codexHome)) - after) / 1_000,
    threadKb: withThreads / THREADS / 1_000,
    turnKb: (after - before) / TURNS / 1_000,
  };
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    // A log of the databases may be gone by now.
    files.map(({ parentPath, name }) => stat(join(parentPath, name)).catch(() => ({ size: 0 }))),
  );
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
