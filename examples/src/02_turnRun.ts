// The result of a turn, and the same turn as the thread has stored it.
import { Codex } from "@openai/codex";

await using codex = new Codex();
const thread = await codex.startThread();

const turn = await thread.turn("Name three facts about tides, in one line each.");
const result = await turn.run();
console.log("Thread:", thread.id);
console.log("Turn:", result.id, result.status, `in ${result.durationMs} ms`);
console.log("Items:", result.items.map(({ type }) => type).join(", "));
console.log("Tokens of this turn:", result.turnUsage?.totalTokens);
console.log("Answer:", result.finalResponse);

const { thread: stored } = await thread.read({ includeTurns: true });
console.log("Stored turns:", stored.turns.map(({ id, status }) => `${id} ${status}`).join(", "));
