import type { Growth } from "./resources.js";

/** Number of cycles, turns and deltas. */
export interface SoakSize {
  readonly fakeCycles: number;
  readonly realCycles: number;
  readonly turns: number;
  readonly deltas: number;
}

/** Size of a full run, which takes minutes. */
export const FULL_SIZE: SoakSize = {
  fakeCycles: 1000,
  realCycles: 50,
  turns: 5000,
  deltas: 1_000_000,
};

/** Size of a short run, for the slow tests. */
export const SHORT_SIZE: SoakSize = { fakeCycles: 48, realCycles: 3, turns: 400, deltas: 100_000 };

/** Result of one scenario. */
export interface ScenarioReport {
  readonly name: string;
  /** Number of cycles, turns or deltas. */
  readonly cases: number;
  /** Number of injected faults by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly growth: Growth;
  /** Bytes by which the heap may grow, measured after garbage collection. */
  readonly heapBound: number;
  /** Descriptions of what was lost, leaked or wrong. */
  readonly problems: readonly string[];
}

/** Collects problems, at most 20. */
export class Problems {
  readonly #list: string[] = [];

  check(isWell: boolean, problem: () => string): void {
    if (!isWell && this.#list.length < 20) this.#list.push(problem());
  }

  /** Returns the problems, with those of the growth of resources. */
  with(growth: Growth, heapBound: number): string[] {
    const { heapBytes, fileDescriptors, resources, processListeners } = growth;
    const isOver = heapBytes > heapBound;
    return [
      ...this.#list,
      ...(isOver ? [`the heap grew by ${heapBytes} bytes; the bound is ${heapBound}`] : []),
      ...(fileDescriptors > 0 ? [`${fileDescriptors} file descriptors were left`] : []),
      ...(processListeners > 0 ? [`${processListeners} listeners of process were left`] : []),
      ...resources.map((resource) => `a ${resource} was left`),
    ];
  }
}
