// Stands between a client and the runtime, as the client's `launchArgs`, and writes down what passes:
//   node recordingRuntime.mjs <log file> <executable> [argument ...]
// A line is in the log before its receiver can have read it.
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";

const [logFile, executable, ...args] = process.argv.slice(2);
const runtime = spawn(executable, args, { stdio: ["pipe", "pipe", "inherit"] });

function copyLines(from, to, mark) {
  let rest = "";
  from.setEncoding("utf8");
  from.on("data", (chunk) => {
    const end = chunk.lastIndexOf("\n") + 1;
    if (end === 0) {
      rest += chunk;
      return;
    }
    const lines = rest + chunk.slice(0, end);
    rest = chunk.slice(end);
    appendFileSync(logFile, lines.replaceAll(/^/gmu, mark).slice(0, -mark.length));
    to.write(lines);
  });
  from.on("end", () => to.end());
  // Whoever is gone is told of by the end of the other side.
  to.on("error", () => {});
}

copyLines(process.stdin, runtime.stdin, ">");
copyLines(runtime.stdout, process.stdout, "<");
runtime.on("exit", (code, signal) => {
  process.stdin.destroy();
  if (signal === null) process.exitCode = code ?? 1;
  else process.kill(process.pid, signal);
});
