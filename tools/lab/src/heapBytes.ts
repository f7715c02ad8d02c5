import { setImmediate } from "node:timers/promises";

/** Returns the heap and the buffers in use once garbage is collected. Needs `--expose-gc`. */
export async function heapBytes(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await setImmediate();
    globalThis.gc?.();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
