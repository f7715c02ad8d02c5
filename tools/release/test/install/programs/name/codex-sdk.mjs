import { Codex } from "@openai/codex-sdk";

import { withScriptedModel } from "./scripted.mjs";

await withScriptedModel(async (workingDirectory) => {
  const thread = new Codex().startThread({ workingDirectory, skipGitRepoCheck: true });
  return (await thread.run("A question.")).finalResponse;
});
