import { generateText } from "ai";
import { createCodexAppServer } from "ai-sdk-provider-codex-cli";

import { withScriptedModel } from "./scripted.mjs";

await withScriptedModel(async (cwd) => {
  const provider = createCodexAppServer({ defaultSettings: { cwd } });
  try {
    const { text } = await generateText({ model: provider("mock-model"), prompt: "A question." });
    return text;
  } finally {
    await provider.close();
  }
});
