import { type ApprovalDecision, tool } from "@openai/codex";
import { shellCall } from "@openai/codex/testing";

import type { Scenario } from "./scenario.js";

/** Scenarios with server requests. */
export const REQUEST_SCENARIOS: readonly Scenario[] = [
  commandApproval("approvalAccepted", "accept"),
  commandApproval("approvalDeclined", "decline"),
  {
    name: "fileChange",
    async run({ codex, model }) {
      const patch = ["*** Begin Patch", "*** Add File: new.txt", "+hello", "*** End Patch"];
      const command = ["apply_patch <<'EOF'", ...patch, "EOF"].join("\n");
      model.enqueue(shellCall(command)).reply("Done.");
      const thread = await codex.startThread({ sandbox: "read-only", onApproval: () => "accept" });
      await thread.run("Go.");
    },
  },
  {
    name: "toolCall",
    async run({ codex, model }) {
      const weather = tool({
        name: "weather",
        description: "Tells the weather of a city.",
        inputSchema: { type: "object", properties: { city: { type: "string" } } },
        execute: () => "It is warm.",
      });
      model.callFunction("weather", { city: "Bonn" }).reply("Warm.");
      await (await codex.startThread({ tools: [weather] })).run("Go.");
    },
  },
];

function commandApproval(name: string, decision: ApprovalDecision): Scenario {
  return {
    name,
    async run({ codex, model }) {
      const escalation = { sandbox_permissions: "require_escalated", justification: "It must." };
      model.enqueue(shellCall("echo hi", escalation)).reply("Done.");
      await (await codex.startThread({ onApproval: () => decision })).run("Go.");
    },
  };
}
