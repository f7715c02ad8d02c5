/** Sizes that a run measures. */
export interface ScaleSize {
  /** Threads on one runtime. */
  readonly threads: readonly number[];
  /** Runtimes that share `threadsShared` threads. */
  readonly runtimes: readonly number[];
  readonly threadsShared: number;
  /** Turns on one thread. */
  readonly turns: readonly number[];
  /** Text deltas of one turn. */
  readonly deltas: readonly number[];
}

export const FULL_SIZE: ScaleSize = {
  threads: [1, 8, 64, 256, 1000],
  runtimes: [1, 2, 4],
  threadsShared: 128,
  turns: [1, 20, 100, 400],
  deltas: [1000, 10_000, 100_000, 1_000_000],
};

/** Sizes that a test takes. */
export const SHORT_SIZE: ScaleSize = {
  threads: [1, 2],
  runtimes: [1, 2],
  threadsShared: 2,
  turns: [1, 2],
  deltas: [10, 100],
};
