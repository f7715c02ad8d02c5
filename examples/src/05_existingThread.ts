// A thread outlives its client: a second client resumes it by its id, with its whole history.
import { Codex } from "@openai/codex";

async function firstProgram(): Promise<string> {
  await using codex = new Codex();
  const thread = await codex.startThread();
  await thread.run("Remember the word lighthouse.");
  return thread.id;
}

async function laterProgram(threadId: string): Promise<void> {
  await using codex = new Codex();
  const thread = await codex.resumeThread(threadId);
  const { finalResponse } = await thread.run("Which word did I ask you to remember?");
  console.log("Remembered:", finalResponse);
}

const threadId = await firstProgram();
console.log("Thread:", threadId);
await laterProgram(threadId);
