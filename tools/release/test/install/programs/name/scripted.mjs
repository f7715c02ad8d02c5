// Runs one turn of another program on the scripted model: `CODEX_HOME` names the model, and the program
// finds the runtime under the name `@openai/codex` by itself.
import { startHarness } from "@openai/codex/testing";

export async function withScriptedModel(ask) {
  const harness = await startHarness();
  try {
    harness.model.reply("The answer.");
    process.env.CODEX_HOME = harness.codexHome;
    const answer = await ask(harness.workspace);
    process.stdout.write(
      `${JSON.stringify({ answer, requests: harness.model.requests.length })}\n`,
    );
  } finally {
    await harness.close();
  }
}
