import { CommanderError } from "@commander-js/extra-typings";

import { Output, processStreams, type Streams } from "./output.js";
import { createProgram } from "./program.js";

/**
 * Runs the tool with the arguments that follow its name; resolves to the exit status.
 *
 * @param streams Where it prints; the process's own streams by default.
 */
export async function main(
  args: readonly string[],
  streams: Streams = processStreams,
): Promise<number> {
  let exitCode = 0;
  const program = createProgram(async (options, task) => {
    const output = new Output(streams, options.json ?? false);
    try {
      await task(output);
    } catch (error) {
      output.failure(error);
      exitCode = 1;
    }
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    command.configureOutput({ writeOut: streams.stdout, writeErr: streams.stderr });
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    // commander has said already what is wrong with the arguments, or shown the help.
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
  return exitCode;
}
