// A chat in the terminal: streams the answers, shows the tokens, ends with /exit.
import { createInterface } from "node:readline/promises";

import { Codex, type Thread } from "@openai/codex";

async function answer(thread: Thread, prompt: string): Promise<void> {
  const turn = await thread.turn(prompt);
  process.stdout.write("Codex: ");
  for await (const event of turn.stream()) {
    if (event.method === "item/agentMessage/delta") process.stdout.write(event.params.delta);
    if (event.method === "turn/completed" && event.params.turn.error) {
      process.stdout.write(`(${event.params.turn.error.message})`);
    }
    if (event.method === "thread/tokenUsage/updated") {
      const { inputTokens, outputTokens } = event.params.tokenUsage.last;
      process.stdout.write(`\n[${inputTokens} tokens in, ${outputTokens} out]`);
    }
  }
  process.stdout.write("\n");
}

await using codex = new Codex();
const thread = await codex.startThread();
const terminal = createInterface({ input: process.stdin });

process.stdout.write("Type a message, or /exit.\nYou: ");
for await (const line of terminal) {
  const prompt = line.trim();
  if (prompt === "/exit") break;
  if (prompt !== "") await answer(thread, prompt);
  process.stdout.write("You: ");
}
terminal.close();
console.log("Bye.");
