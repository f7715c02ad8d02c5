// Chooses a model that is not about to be replaced, and the highest effort that it takes.
import { Codex } from "@openai/codex";

await using codex = new Codex();
const { data } = await codex.models();

const candidates = data.filter(({ hidden, upgrade }) => !hidden && upgrade === null);
const model = candidates.find(({ isDefault }) => isDefault) ?? candidates[0];
if (model === undefined) throw new Error("The runtime offers no model.");
const effort = model.supportedReasoningEfforts.at(-1)?.reasoningEffort;
console.log("Selected model:", model.model);
console.log("Selected effort:", effort);

const thread = await codex.startThread({ model: model.model });
const result = await thread.run("Prove in three lines that there are infinitely many primes.", {
  effort,
});
console.log("Answer:", result.finalResponse);
