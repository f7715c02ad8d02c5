// The shortest useful program: one thread, one turn, its answer.
import { Codex } from "@openai/codex";

await using codex = new Codex();
const thread = await codex.startThread();
const result = await thread.run("Say hello in one sentence.");

console.log("Answer:", result.finalResponse);
