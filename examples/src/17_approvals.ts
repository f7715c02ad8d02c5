// The program decides what goes beyond the sandbox: it allows one command and nothing else.
import { approvalsByKind, Codex, Sandbox } from "@openai/codex";

const ALLOWED = new Set(["node --version"]);

const onApproval = approvalsByKind({
  command: ({ commandActions, reason }) => {
    const commands = (commandActions ?? []).map(({ command }) => command);
    const isAllowed = commands.length > 0 && commands.every((command) => ALLOWED.has(command));
    console.log(`${isAllowed ? "Accepted" : "Declined"}: ${commands.join("; ")} (${reason ?? ""})`);
    return isAllowed ? "accept" : "decline";
  },
  fileChange: ({ changes }) => {
    console.log("Declined a change of", (changes ?? []).map(({ path }) => path).join(", "));
    return "decline";
  },
  // Kinds without a handler are declined, too.
});

await using codex = new Codex();
const thread = await codex.startThread({ sandbox: Sandbox.readOnly, onApproval });
const result = await thread.run(
  "Outside of the sandbox, run `node --version`, then `node --help`. Tell me what you got.",
);

for (const item of result.items) {
  if (item.type === "commandExecution") console.log("Command:", item.status, item.command);
}
console.log("Answer:", result.finalResponse);
