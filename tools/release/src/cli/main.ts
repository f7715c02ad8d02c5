import { CommanderError } from "@commander-js/extra-typings";

import { ReleaseError } from "../releaseError.js";
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
    } finally {
      output.endProgress();
    }
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    command.configureOutput({
      writeOut: streams.stdout,
      writeErr: streams.stderr,
      outputError: () => {},
    });
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // What commander shows by itself is the help.
    if (!error.code.startsWith("commander.help")) {
      const output = new Output(streams, args.includes("--json"));
      output.failure(new ReleaseError("INVALID_ARGUMENT", reasonOf(error)));
    }
    return error.exitCode;
  }
  return exitCode;
}

/** Returns the fault of the arguments in one line: commander puts suggestions into lines of their own. */
function reasonOf({ message }: CommanderError): string {
  return message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ");
}
