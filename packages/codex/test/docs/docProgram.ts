import type { Harness, HarnessOptions } from "../../src/testing/index.js";
import type { ProgramOptions } from "../support/runProgram.js";

type Variables = Readonly<Record<string, string>>;

/** Conditions under which a program of the documentation runs, and the lines that it prints. */
export interface DocProgram extends Omit<ProgramOptions, "env"> {
  /** Variables of the program, or what makes them of the harness. */
  readonly env?: Variables | ((harness: Harness) => Variables);
  readonly harness?: HarnessOptions;
  /** Scripts the model and puts files into the workspace. */
  readonly prepare?: (harness: Harness) => unknown;
  /** Code behind the block, such as a call of the handler that it exports. */
  readonly append?: string;
  /** The expected lines. After a last `"…"` there may be more of them. */
  readonly prints: readonly unknown[];
  /** Expected stderr of the program. Nothing, if left out. */
  readonly stderr?: unknown;
  /** A program that reports a failure ends with another status than 0. */
  readonly exitCode?: number;
}

/** Programs by the name in `run=<name>`. */
export type DocPrograms = Readonly<Record<string, DocProgram>>;
