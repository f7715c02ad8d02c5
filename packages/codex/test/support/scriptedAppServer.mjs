// An app-server that says what a test wants, as the client's `launchArgs`:
//   node scriptedAppServer.mjs <script>
// The script is JSON: for a method, the messages that answer its request, in order; "$id" stands for
// the request's id, and "exit" ends the process. Beyond that it answers `initialize` alone.
import { createInterface } from "node:readline";

const script = {
  initialize: [
    { id: "$id", result: { userAgent: "scripted/0.0.0", serverInfo: { name: "s", version: "0" } } },
  ],
  ...JSON.parse(process.argv[2] ?? "{}"),
};

const input = createInterface({ input: process.stdin });
input.on("line", (line) => {
  const { id, method } = JSON.parse(line);
  for (const message of script[method] ?? []) {
    if (message === "exit") {
      // Not process.exit(): what was written must get through first.
      process.exitCode = 3;
      process.stdin.destroy();
      return;
    }
    const text = JSON.stringify(message.id === "$id" ? { ...message, id } : message);
    process.stdout.write(`${text}\n`);
  }
});
