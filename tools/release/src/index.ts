import { main } from "./cli/main.js";
import { systemErrorOf } from "./systemError.js";

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: Error) => {
    // The reader has left, as `| head` does. What the command does is not to end halfway for that.
    if ("code" in error && error.code === "EPIPE") return;
    process.exitCode = 1;
    const reason = systemErrorOf(error, "The output")?.message ?? error.message;
    if (stream === process.stdout) process.stderr.write(`error: ${reason}\n`);
  });
}

const exitCode = await main(process.argv.slice(2));
process.exitCode ??= exitCode;
