import type { ProgramOptions } from "../support/runProgram.js";

/** Input of one example, and the lines that it is expected to print. */
export interface ExampleCase extends ProgramOptions {
  /** The lines; after a last `"…"` there may be more of them. */
  readonly prints: readonly unknown[];
  /** Set where turns that run at once may print in any order. */
  readonly inAnyOrder?: boolean;
}

/** The cases by the example's name, without its ending. */
export type ExampleCases = Readonly<Record<string, ExampleCase>>;
