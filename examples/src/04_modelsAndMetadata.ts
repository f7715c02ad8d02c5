// The connected runtime and the models that it offers. Does not run a turn.
import { Codex, CODEX_VERSION } from "@openai/codex";

await using codex = new Codex();
await codex.start();

const { serverInfo, codexHome, platformOs } = codex.metadata;
console.log("SDK:", CODEX_VERSION);
console.log("Runtime:", serverInfo.version, "on", platformOs);
console.log("CODEX_HOME:", codexHome);

const { data } = await codex.models();
for (const model of data) {
  const efforts = model.supportedReasoningEfforts.map(({ reasoningEffort }) => reasoningEffort);
  console.log(`Model: ${model.model}${model.isDefault ? " (default)" : ""}: ${efforts.join(", ")}`);
}
