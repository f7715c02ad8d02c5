// An agent in the terminal: a line that is typed during a turn steers it, /stop interrupts it, and
// what goes beyond the sandbox is decided here. /exit ends the program after the running turn.
import { createInterface } from "node:readline";

import {
  type ApprovalHandler,
  approvalsByKind,
  Codex,
  Sandbox,
  type TurnHandle,
} from "@openai/codex";

/** Takes the next line as the answer to a question; `undefined` while no question is open. */
let takeAnswer: ((line: string) => void) | undefined;
let running: TurnHandle | undefined;
let shown: Promise<void> = Promise.resolve();

async function confirm(question: string, signal: AbortSignal): Promise<"accept" | "decline"> {
  process.stdout.write(`\n${question} (y/n) `);
  const line = await new Promise<string>((resolve) => {
    takeAnswer = resolve;
    // The turn was interrupted: its question does not need an answer any more.
    signal.addEventListener("abort", () => resolve("n"), { once: true });
  });
  takeAnswer = undefined;
  return line === "y" ? "accept" : "decline";
}

const onApproval: ApprovalHandler = approvalsByKind({
  command: ({ command, cwd }, { signal }) =>
    confirm(`Run ${JSON.stringify(command)} in ${cwd}, outside of the sandbox?`, signal),
  fileChange: ({ changes }, { signal }) => {
    const paths = (changes ?? []).map(({ path }) => path);
    return confirm(`Change ${paths.join(", ")}?`, signal);
  },
});

async function show(turn: TurnHandle): Promise<void> {
  for await (const event of turn.stream()) {
    if (event.method === "item/agentMessage/delta") process.stdout.write(event.params.delta);
    if (event.method !== "item/completed") continue;
    const { item } = event.params;
    if (item.type === "agentMessage") process.stdout.write("\n");
    if (item.type === "commandExecution") console.log(`[${item.status}: ${item.command}]`);
    if (item.type === "fileChange") console.log(`[${item.status}: ${item.changes.length} files]`);
  }
  const { status } = await turn.result;
  if (status === "interrupted") console.log("[interrupted]");
}

await using codex = new Codex();
const thread = await codex.startThread({ sandbox: Sandbox.readOnly, onApproval });
const terminal = createInterface({ input: process.stdin });

process.stdout.write("Type a message; /stop interrupts, /exit leaves.\nYou: ");
for await (const line of terminal) {
  const typed = line.trim();
  if (takeAnswer !== undefined) takeAnswer(typed);
  else if (typed === "/exit") break;
  else if (typed === "/stop") await running?.interrupt();
  else if (typed === "") continue;
  else if (running !== undefined) await running.steer(typed);
  else {
    const turn = await thread.turn(typed);
    running = turn;
    shown = show(turn)
      .catch((error: unknown) => console.error(error))
      .finally(() => {
        running = undefined;
        process.stdout.write("You: ");
      });
  }
}
terminal.close();
takeAnswer?.("n");
await shown;
console.log("Bye.");
