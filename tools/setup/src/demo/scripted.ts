import { Sandbox } from "@openai/codex";
import { message, shellCall, startHarness, streamedMessage, delay } from "@openai/codex/testing";

import { print, showResult, showTurn } from "./show.js";

const PROMPT = "Write a greeting into hello.txt and tell me what it says.";
const COMMAND = "echo 'Hello from the Codex sandbox' > hello.txt && cat hello.txt";

/** The pauses let a person see that the text is streamed. */
function* words(text: string) {
  for (const word of text.split(/(?<= )/)) {
    yield word;
    yield delay(30);
  }
}

/** A turn of the real runtime; only the model's side is scripted, on the loopback. */
export async function runScripted(): Promise<void> {
  await using harness = await startHarness();
  const { codex, model, workspace } = harness;
  model.enqueue(
    streamedMessage(words("I will write the file and read it back. "), { phase: "commentary" }),
    shellCall(COMMAND),
  );
  model.enqueue(
    streamedMessage(words("hello.txt says: Hello from the Codex sandbox."), {
      phase: "final_answer",
    }),
  );

  await codex.start();
  print(`Runtime ${codex.metadata.serverInfo.version}, model scripted, thread in ${workspace}`);
  const thread = await codex.startThread({ cwd: workspace, sandbox: Sandbox.workspaceWrite });
  print(`\nYou: ${PROMPT}`);
  const turn = await thread.turn(PROMPT);
  const commands = await showTurn(turn);
  for (const { exitCode, aggregatedOutput } of commands) {
    if (exitCode === 0) continue;
    print(
      `\nThe sandbox of the runtime cannot run commands on this machine, so the command failed; the rest of the demo is as it would be.\n${aggregatedOutput ?? ""}`,
    );
  }

  print("\nYou: Thank you!");
  model.enqueue(message("You are welcome."));
  showResult(await thread.run("Thank you!"));
}
