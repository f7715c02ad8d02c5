import type { Growth } from "./resources.js";

/** How much of each scenario is run. */
export interface SoakSize {
  readonly fakeCycles: number;
  readonly realCycles: number;
  readonly turns: number;
  readonly deltas: number;
}

/** What the issue asks for; takes minutes. */
export const FULL_SIZE: SoakSize = {
  fakeCycles: 1000,
  realCycles: 50,
  turns: 5000,
  deltas: 1_000_000,
};

/** The same in small, for the default test run. */
export const SHORT_SIZE: SoakSize = { fakeCycles: 48, realCycles: 3, turns: 400, deltas: 100_000 };

/** What came of one scenario. */
export interface ScenarioReport {
  readonly name: string;
  /** How many cycles, turns or deltas were run. */
  readonly cases: number;
  /** How many faults were injected, by their kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly growth: Growth;
  /** By how many bytes the heap may be larger after the collection of garbage. */
  readonly heapBound: number;
  /** What was lost, leaked or wrong; empty when all is well. */
  readonly problems: readonly string[];
}

/** Collects what is wrong, the first few of a kind. */
export class Problems {
  readonly #list: string[] = [];

  check(isWell: boolean, problem: () => string): void {
    if (!isWell && this.#list.length < 20) this.#list.push(problem());
  }

  /** All of it, with what the growth of the resources says. */
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
