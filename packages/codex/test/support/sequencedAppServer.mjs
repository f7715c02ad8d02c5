// An app-server that answers the requests of each method one after the other, as the client's `launchArgs`:
//   node sequencedAppServer.mjs <script>
// The script is JSON: for a method, a list with the messages for its first request, for its second, and so
// on; the last ones are for all that follow. They are sent in one chunk. "$id" stands for the request's id,
// "exit" ends the process. Each request is told to the client by a notification `test/request` first.
import { createInterface } from "node:readline";

const script = {
  initialize: [
    [
      {
        id: "$id",
        result: { userAgent: "scripted/0.0.0", serverInfo: { name: "s", version: "0" } },
      },
    ],
  ],
  ...JSON.parse(process.argv[2] ?? "{}"),
};
const seen = new Map();

const input = createInterface({ input: process.stdin });
input.on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const count = seen.get(method) ?? 0;
  seen.set(method, count + 1);
  const answers = script[method] ?? [[{ id: "$id", result: {} }]];
  const messages = answers[Math.min(count, answers.length - 1)];
  const chunk = [{ method: "test/request", params: { method, params } }, ...messages]
    .filter((message) => message !== "exit")
    .map((message) => JSON.stringify(message.id === "$id" ? { ...message, id } : message));
  process.stdout.write(`${chunk.join("\n")}\n`);
  if (messages.includes("exit")) {
    // Not process.exit(): what was written must get through first.
    process.exitCode = 3;
    process.stdin.destroy();
  }
});
