// A host of `pnpm lab carry`: opens a thread of the store in a home of its own, prints its history, and runs
// turns until it is killed. Arguments: folder of the store, name of the host, id of the thread.
import { dirname } from "node:path";

import { CodexError, fileThreadStore, type Thread } from "@openai/codex";
import { type Harness, startHarness, streamedMessage } from "@openai/codex/testing";

import { LEASE_MS, toStoredTurn, type WorkerLine } from "./conversation.js";

const [folder = "", name = "", threadId] = process.argv.slice(2);

const harness = await startHarness({
  codex: { threadStore: fileThreadStore(folder), threadLeaseMs: LEASE_MS },
  config: { sandbox_mode: "danger-full-access" },
});
harness.model.respond((request) => [
  streamedMessage(["answer to ", request.lastUserText() ?? "", "."]),
]);
print({ kind: "home", root: dirname(harness.codexHome) });
const thread = await open(harness);
const turns = [];
for await (const turn of thread.iterateTurns({ sortDirection: "asc" })) {
  turns.push(toStoredTurn(turn));
}
print({ kind: "open", threadId: thread.id, sandbox: thread.settings?.sandbox, turns });
for (let index = 0; ; index += 1) {
  // One after the other: a thread has one turn at a time.
  // oxlint-disable-next-line no-await-in-loop
  await runTurn(`${name}, turn ${index}`);
}

/** Opens the thread, once the lease of the host that was killed has expired. */
async function open({ codex }: Harness): Promise<Thread> {
  if (threadId === undefined) {
    const started = await codex.startThread({ sandbox: "workspace-write" });
    await started.run("the first turn");
    return started;
  }
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      return await codex.resumeThread(threadId);
    } catch (error) {
      if (!(error instanceof CodexError) || error.code !== "THREAD_LEASED") throw error;
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((wake) => setTimeout(wake, LEASE_MS / 10));
    }
  }
}

async function runTurn(input: string): Promise<void> {
  print({ kind: "begin", input });
  const turn = await thread.turn(input);
  for await (const { method } of turn.stream()) print({ kind: "event", method });
  const { id, finalResponse, status } = await turn.result;
  print({ kind: "end", turn: { id, input, answer: finalResponse, status } });
}

function print(line: WorkerLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
