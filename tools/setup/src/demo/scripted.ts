import { type ApprovalRequest, Sandbox, tool } from "@openai/codex";
import {
  applyPatch,
  delay,
  functionCall,
  message,
  type ScriptedModel,
  shellCall,
  startHarness,
  streamedMessage,
  usage,
} from "@openai/codex/testing";
import { z } from "zod";

import { heading, note, print, showNextSteps, showResult, showTurn } from "./show.js";

const WRITE =
  "Write a greeting into hello.txt and read it back. Then run `node --version` outside the sandbox.";
const ASK = "How many people are at the stand? Use the tool, and answer in the given form.";
const REASON = "You asked for a command outside the sandbox.";

const visitors = tool({
  name: "count_visitors",
  description: "Returns the number of people at a place.",
  inputSchema: z.object({ place: z.string() }),
  execute: ({ place }) => {
    note(`\n  Tool called by the model: count_visitors("${place}")`);
    return { place, people: 42 };
  },
});

const Stand = z.object({ people: z.number().int(), isBusy: z.boolean() });

/** Runs turns of the real runtime. Only the model is scripted, on the loopback. */
export async function runScripted(): Promise<void> {
  await using harness = await startHarness();
  const { codex, model, workspace } = harness;
  await codex.start();
  print(`Codex runtime ${codex.metadata.serverInfo.version}, scripted model, folder ${workspace}`);
  const thread = await codex.startThread({
    sandbox: Sandbox.workspaceWrite,
    onApproval: decide,
    tools: [visitors],
  });

  heading("1. A streamed turn: text, a file change, a command in the sandbox, an approval");
  print(`You: ${WRITE}`);
  scriptCommands(model);
  const commands = await showTurn(await thread.turn(WRITE));
  if (commands.some(({ exitCode }) => exitCode !== 0)) {
    print("\nThis machine does not support the runtime's sandbox, so a command failed.");
  }

  heading("2. A turn with a tool of this program and a typed answer");
  print(`You: ${ASK}`);
  model
    .enqueue(
      functionCall("count_visitors", { place: "stand" }),
      usage({ inputTokens: 1204, outputTokens: 31 }),
    )
    .enqueue(
      message('{"people":42,"isBusy":true}'),
      usage({ inputTokens: 1262, outputTokens: 18 }),
    );
  const result = await thread.run(ASK, { outputSchema: Stand });
  showResult(result);
  // Only a completed turn has an output.
  if (result.status === "completed") {
    const { people, isBusy } = result.output;
    print(`  output         people: ${people} (${typeof people}), isBusy: ${isBusy}`);
  }
  showNextSteps();
}

/** Accepts the command of the script and nothing else. */
function decide(request: ApprovalRequest): "accept" | "decline" {
  const reason = request.kind === "command" ? request.reason : null;
  const decision = reason === REASON ? "accept" : "decline";
  note(`\n  Approval requested: ${request.kind}: ${reason ?? ""}`);
  note(`  Decision of this program: ${decision}`);
  return decision;
}

function scriptCommands(model: ScriptedModel): void {
  model
    .enqueue(
      streamedMessage(words("I write the file. "), { phase: "commentary" }),
      applyPatch({ "hello.txt": "Hello from Codex\n" }),
      usage({ inputTokens: 912, outputTokens: 48 }),
    )
    .enqueue(
      streamedMessage(words("I read it back, in the sandbox. "), { phase: "commentary" }),
      shellCall(process.platform === "win32" ? "type hello.txt" : "cat hello.txt"),
      usage({ inputTokens: 955, outputTokens: 29 }),
    )
    .enqueue(
      streamedMessage(words("The next command needs your approval. "), { phase: "commentary" }),
      shellCall("node --version", {
        sandbox_permissions: "require_escalated",
        justification: REASON,
      }),
      usage({ inputTokens: 987, outputTokens: 37 }),
    )
    .enqueue(
      streamedMessage(words("Done: hello.txt is written, and Node printed its version."), {
        phase: "final_answer",
      }),
      usage({ inputTokens: 1041, outputTokens: 16 }),
    );
}

/** Splits a text into words with pauses, so that a person sees the streaming. */
function* words(text: string) {
  for (const word of text.split(/(?<= )/u)) {
    yield word;
    yield delay(30);
  }
}
