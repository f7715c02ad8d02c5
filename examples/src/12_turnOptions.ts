// The options of one turn. Model, effort, summary, sandbox and folder stay for the turns after it.
import { ApprovalMode, Codex, Sandbox } from "@openai/codex";

await using codex = new Codex();
const thread = await codex.startThread({
  developerInstructions: "Be brief.",
  sandbox: Sandbox.readOnly,
});

const result = await thread.run("Plan a walk through the old town of Bonn.", {
  approvalMode: ApprovalMode.denyAll,
  sandbox: Sandbox.readOnly,
  cwd: process.cwd(),
  effort: "low",
  summary: "concise",
  personality: "pragmatic",
  // A plain JSON Schema goes to the model as it is; see 19_structuredOutput for typed answers.
  outputSchema: {
    type: "object",
    properties: {
      stops: { type: "array", items: { type: "string" } },
      minutes: { type: "integer" },
    },
    required: ["stops", "minutes"],
    additionalProperties: false,
  },
});

console.log("JSON:", result.finalResponse);
for (const item of result.items) {
  if (item.type === "reasoning") console.log("Reasoning:", item.summary.join(" "));
}
