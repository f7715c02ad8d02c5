// An HTTP server that streams turns to browsers as server-sent events. Asks itself once; with --serve
// it stays up.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

import { Codex } from "@openai/codex";

await using codex = new Codex();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const send = (event: string, data: unknown): boolean =>
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  try {
    const prompt = await text(request);
    const thread = await codex.startThread({ sandbox: "read-only", approvalMode: "deny_all" });
    // A browser that leaves interrupts its turn.
    const turn = await thread.turn(prompt, { signal: gone.signal });
    for await (const event of turn.stream()) {
      if (event.method !== "item/agentMessage/delta") continue;
      if (!send("text", event.params.delta)) await once(response, "drain", { signal: gone.signal });
    }
    const { status, turnUsage } = await turn.result;
    send("done", { status, tokens: turnUsage?.totalTokens });
  } catch (error) {
    if (gone.signal.aborted) return;
    // The reason is for the log of the server, not for the browser.
    console.error(error);
    send("failed", {});
  }
  response.end();
}

const server = createServer((request, response) => void answer(request, response));
// Whoever reaches the server runs turns: it listens on this machine only.
server.listen(Number(process.env["PORT"] ?? 0), "127.0.0.1");
await once(server, "listening");
const address = server.address();
const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`;
console.log("Listening on", url);

if (process.argv.includes("--serve")) {
  await once(process, "SIGINT");
} else {
  const response = await fetch(url, { method: "POST", body: "Greet me in three words." });
  console.log(response.headers.get("content-type"));
  console.log((await response.text()).trim());
}
server.close();
