import { RunContext } from "@openai/agents";
import { codexTool } from "@openai/agents-extensions/experimental/codex";

import { withScriptedModel } from "./scripted.mjs";

await withScriptedModel(async (workingDirectory) => {
  const tool = codexTool({
    defaultThreadOptions: { workingDirectory, skipGitRepoCheck: true },
  });
  const input = JSON.stringify({ inputs: [{ type: "text", text: "A question." }], threadId: null });
  const output = await tool.invoke(new RunContext(), input);
  return output.response ?? output;
});
