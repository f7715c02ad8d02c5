import type { Thread } from "@openai/codex";
import { type Harness, message, startHarness } from "@openai/codex/testing";

import { descendantBytes } from "../bench/treeBytes.js";
import { heapBytes } from "../heapBytes.js";

/** Threads on one runtime, each with a turn at the same time. */
export interface ThreadsScale {
  readonly threads: number;
  /** Memory of the runtime with the threads idle, before their first turn. */
  readonly runtimeBytes: number;
  /** Memory of the runtime after a turn on each. */
  readonly runtimeBytesAfter: number;
  /** Heap of the SDK for the idle threads. */
  readonly sdkBytes: number;
  /** Turns that end in a second, when a turn is started on each thread at once. */
  readonly turnsPerSecond: number;
}

/** Measures `count` threads on one runtime with a model that answers immediately. */
export async function measureThreads(count: number): Promise<ThreadsScale> {
  await using harness = await startHarness();
  harness.model.respond(() => [message("done")]);
  await harness.codex.start();
  const before = await heapBytes();
  const threads = await startThreads(harness, count);
  const sdkBytes = (await heapBytes()) - before;
  const runtimeBytes = descendantBytes(process.pid);
  const turnsPerSecond = await runOnEach(threads);
  const runtimeBytesAfter = descendantBytes(process.pid);
  return { threads: count, runtimeBytes, runtimeBytesAfter, sdkBytes, turnsPerSecond };
}

/** Threads that several runtimes share. */
export interface RuntimesScale {
  readonly runtimes: number;
  readonly threads: number;
  /** Memory of all runtimes after a turn on each thread. */
  readonly runtimeBytes: number;
  readonly turnsPerSecond: number;
}

/** Measures `threads` threads that are spread over `runtimes` runtimes of one host. */
export async function measureRuntimes(runtimes: number, threads: number): Promise<RuntimesScale> {
  const harnesses: Harness[] = [];
  try {
    for (let index = 0; index < runtimes; index += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const harness = await startHarness();
      harnesses.push(harness);
      harness.model.respond(() => [message("done")]);
    }
    const shares = harnesses.map((harness) => startThreads(harness, threads / runtimes));
    const turnsPerSecond = await runOnEach((await Promise.all(shares)).flat());
    const runtimeBytes = descendantBytes(process.pid);
    return { runtimes, threads, runtimeBytes, turnsPerSecond };
  } finally {
    await Promise.all(harnesses.map((harness) => harness.close()));
  }
}

function startThreads({ codex }: Harness, count: number): Promise<Thread[]> {
  return Promise.all(Array.from({ length: count }, () => codex.startThread()));
}

/** Runs a turn on each thread at once and returns how many end in a second. */
async function runOnEach(threads: readonly Thread[]): Promise<number> {
  const start = performance.now();
  await Promise.all(threads.map((thread) => thread.run("go")));
  return (threads.length / (performance.now() - start)) * 1000;
}
