// A goal: the runtime works at it, turn after turn, until it is complete. It streams as one turn.
import { Codex, Sandbox } from "@openai/codex";

await using codex = new Codex();
const thread = await codex.startThread({ sandbox: Sandbox.readOnly });

const goal = await thread.startGoal(
  "Find out what this folder is for, and say so in two sentences.",
  {
    tokenBudget: 200_000,
  },
);
for await (const event of goal.stream()) {
  if (event.method === "item/agentMessage/delta") process.stdout.write(event.params.delta);
  if (event.method === "item/completed") process.stdout.write("\n");
}
console.log("Goal:", goal.goal?.status, `(${goal.goal?.tokensUsed} tokens)`);

const stored = await thread.goal();
console.log("Stored goal:", stored?.objective);
console.log("Cleared:", await thread.clearGoal());
