import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { codexPath } from "@openai/codex-cli-bin";
import { message, startHarness } from "@openai/codex/testing";

import { median, medianMs, ms } from "./measure.mjs";

const run = promisify(execFile);
const TURNS = 15;
const CALLS = 64;

/** A turn of a long-lived runtime against a process for each turn, and the client's own part of it. */
export async function benchTurns() {
  const harness = await startHarness();
  try {
    return await measureTurns(harness);
  } finally {
    await harness.close();
  }
}

async function measureTurns({ codex, model, workspace, codexHome }) {
  model.respond(() => [message("done")]);
  const [thread, rawThread] = [await codex.startThread(), await codex.startThread()];
  await thread.run("warm up");
  await runRaw(codex, rawThread);
  const sdk = [];
  const raw = [];
  // Turn about, so that what else the machine does meets both alike.
  for (let turn = 0; turn < TURNS; turn += 1) {
    sdk.push(await medianMs(1, () => thread.run("go")));
    raw.push(await medianMs(1, () => runRaw(codex, rawThread)));
  }
  const sdkMs = median(sdk);
  const rawMs = median(raw);

  const env = { ...process.env, CODEX_HOME: codexHome };
  const args = ["exec", "--skip-git-repo-check", "-C", workspace, "go"];
  const execMs = await medianMs(5, async () => {
    const running = run(codexPath(), args, { env });
    running.child.stdin.end();
    await running;
  });

  const ask = () => codex.client.request("thread/loaded/list", {});
  const one = await medianMs(51, ask);
  const many = await medianMs(11, () => Promise.all(Array.from({ length: CALLS }, ask)));
  return [
    {
      what: "turn: a process each (codex exec) / a running runtime",
      ratio: execMs / sdkMs,
      detail: `${ms(execMs)} / ${ms(sdkMs)}`,
    },
    {
      what: "turn: thread.run / the bare wire (1 is free)",
      ratio: sdkMs / rawMs,
      detail: `${ms(sdkMs)} / ${ms(rawMs)}`,
    },
    {
      what: `requests: ${CALLS} one after another / ${CALLS} at once`,
      ratio: (one * CALLS) / many,
      detail: `${ms(one * CALLS)} / ${ms(many)}`,
    },
  ];
}

/** The same turn by the wire alone, with nothing collected: what is left is the runtime's own time. */
async function runRaw(codex, thread) {
  const events = codex.notifications();
  // The first `next` subscribes: before the start, or the end could be missed.
  const first = events.next();
  await codex.client.request("turn/start", {
    threadId: thread.id,
    input: [{ type: "text", text: "go" }],
  });
  let next = await first;
  while (next.value.method !== "turn/completed") next = await events.next();
  await events.return();
}
