import { existsSync, readdirSync } from "node:fs";
import { setImmediate } from "node:timers/promises";

/** Resources of a process at one moment, after garbage collection. */
interface Resources {
  readonly heapBytes: number;
  readonly fileDescriptors: number;
  readonly handles: readonly string[];
  readonly processListeners: number;
}

/** Increase of a process's resources. */
export interface Growth {
  readonly heapBytes: number;
  readonly fileDescriptors: number;
  /** Kinds of the additional handles and requests. */
  readonly resources: readonly string[];
  readonly processListeners: number;
}

const FD_FOLDER = "/proc/self/fd";
/** Handles are released some ticks after their end. */
const SETTLING_TICKS = 50;

/** Measures what the work between `start()` and `growth()` leaves behind. */
export class ResourceWatch {
  readonly #before: Resources;

  private constructor(before: Resources) {
    this.#before = before;
  }

  static async start(): Promise<ResourceWatch> {
    return new ResourceWatch(await measure());
  }

  async growth(): Promise<Growth> {
    const now = await measure();
    const resources = [...now.handles];
    for (const handle of this.#before.handles) {
      const index = resources.indexOf(handle);
      if (index >= 0) resources.splice(index, 1);
    }
    return {
      heapBytes: now.heapBytes - this.#before.heapBytes,
      fileDescriptors: now.fileDescriptors - this.#before.fileDescriptors,
      resources,
      processListeners: now.processListeners - this.#before.processListeners,
    };
  }
}

/** Returns the bytes in use on the heap and in buffers after garbage collection. */
export async function heapInUse(): Promise<number> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("Run this with node --expose-gc.");
  // Finalizers and later ticks may release more.
  for (let round = 0; round < 3; round += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await setImmediate();
    gc();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function measure(): Promise<Resources> {
  for (let tick = 0; tick < SETTLING_TICKS; tick += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await setImmediate();
  }
  const listeners = process.eventNames().map((name) => process.listenerCount(name));
  return {
    heapBytes: await heapInUse(),
    fileDescriptors: existsSync(FD_FOLDER) ? readdirSync(FD_FOLDER).length : 0,
    handles: process.getActiveResourcesInfo().filter((kind) => kind !== "Immediate"),
    processListeners: listeners.reduce((sum, count) => sum + count, 0),
  };
}
