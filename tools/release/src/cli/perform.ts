import type { Output } from "./output.js";

/** Runs the task of a command line. The tests of the parser pass one that does nothing. */
export type Perform = (
  options: { readonly json?: true | undefined },
  task: (output: Output) => Promise<void>,
) => Promise<void>;
