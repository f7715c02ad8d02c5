// The events of a turn as they arrive: the text word by word, items, token usage, the end.
import { Codex } from "@openai/codex";

await using codex = new Codex();
const thread = await codex.startThread();
const turn = await thread.turn("Explain in two sentences why the sky is blue.");

for await (const event of turn.stream()) {
  switch (event.method) {
    case "item/agentMessage/delta":
      process.stdout.write(event.params.delta);
      break;
    case "item/completed":
      console.log(`\n[item completed: ${event.params.item.type}]`);
      break;
    case "thread/tokenUsage/updated":
      console.log(`[tokens so far: ${event.params.tokenUsage.total.totalTokens}]`);
      break;
    case "turn/completed":
      console.log(`[turn ${event.params.turn.status}]`);
      break;
    default:
      break;
  }
}
