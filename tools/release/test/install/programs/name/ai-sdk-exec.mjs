import { generateText } from "ai";
import { createCodexExec } from "ai-sdk-provider-codex-cli";

import { withScriptedModel } from "./scripted.mjs";

await withScriptedModel(async (cwd) => {
  const provider = createCodexExec({ defaultSettings: { cwd, skipGitRepoCheck: true } });
  const { text } = await generateText({ model: provider("mock-model"), prompt: "A question." });
  return text;
});
