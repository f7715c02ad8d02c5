// A goal with a budget of tokens: the runtime stops working at it when the budget is used up, and the
// program decides whether it is worth more.
import { Codex, Sandbox } from "@openai/codex";

await using codex = new Codex();
const thread = await codex.startThread({ sandbox: Sandbox.workspaceWrite });

let tokenBudget = 50_000;
let goal = await thread.startGoal("Translate every page of this folder to French.", {
  tokenBudget,
});
for (let round = 1; ; round += 1) {
  const { goal: ended, finalResponse } = await goal.result;
  console.log(`Round ${round}: ${ended?.status}, ${ended?.tokensUsed} tokens`);
  if (ended?.status !== "budgetLimited" || round === 3) {
    console.log("Answer:", finalResponse);
    break;
  }
  // The budget is that of the whole goal, the tokens of before included.
  tokenBudget *= 2;
  goal = await thread.resumeGoal({ tokenBudget });
}
