// Controls of a running turn: steer, interrupt, and an AbortSignal.
import { Codex } from "@openai/codex";

await using codex = new Codex();
const thread = await codex.startThread();

const steered = await thread.turn("Write a long poem about the sea.");
let hasSteered = false;
let poem = "";
for await (const event of steered.stream()) {
  if (event.method === "item/completed" && event.params.item.type === "agentMessage") {
    poem = event.params.item.text;
  }
  if (event.method !== "item/agentMessage/delta" || hasSteered) continue;
  hasSteered = true;
  await steered.steer("No, make it two lines about a lake.");
}
console.log("Steered:", poem);

const interrupted = await thread.turn("Count to ten thousand, a number a line.");
for await (const event of interrupted.stream()) {
  if (event.method === "item/agentMessage/delta") await interrupted.interrupt();
  if (event.method === "turn/completed") console.log("Interrupted:", event.params.turn.status);
}

// An aborted signal interrupts the turn on the runtime, too.
const controller = new AbortController();
const endless = await thread.turn("Count again.", { signal: controller.signal });
try {
  for await (const event of endless.stream()) {
    if (event.method === "item/agentMessage/delta")
      controller.abort(new Error("I have had enough"));
  }
} catch (error) {
  if (error !== controller.signal.reason) throw error;
  console.log("Aborted:", controller.signal.reason.message);
}
