import { Codex, type TurnHandle } from "@openai/codex";
import { startHarness, streamedMessage } from "@openai/codex/testing";

import { heapBytes } from "../../heapBytes.js";
import { floodServer } from "../floodServer.js";
import { descendantBytes } from "../treeBytes.js";
import type { StartWorkload } from "../workload.js";

const THREADS = 64;
const CLIENTS = 16;
const DELTAS = 1_000_000;

/** Measures memory. Parties: `idle` (clients, threads, active turns and the runtime), `run`, `unread`. */
export const startFootprint: StartWorkload = async (party) => ({
  round: party === "idle" ? idle : () => manyDeltas(party),
  close: async () => undefined,
});

async function idle() {
  const before = await heapBytes();
  const clients = Array.from(
    { length: CLIENTS },
    () => new Codex({ launchArgs: floodServer(1, 1) }),
  );
  await Promise.all(clients.map((client) => client.start()));
  const perClient = ((await heapBytes()) - before) / CLIENTS;
  await Promise.all(clients.map((client) => client.close()));

  await using harness = await startHarness();
  const { codex, model } = harness;
  await codex.start();
  const runtimeIdle = runtimeBytes();
  const withoutThreads = await heapBytes();
  const threads = await Promise.all(Array.from({ length: THREADS }, () => codex.startThread()));
  const perThread = ((await heapBytes()) - withoutThreads) / THREADS;
  const runtimeThreads = runtimeBytes();

  const gate = model.gate();
  model.respond(() => [streamedMessage(["a", gate])]);
  const withoutTurns = await heapBytes();
  const turns = await Promise.all(threads.map((thread) => thread.turn("go")));
  const results = turns.map((turn) => turn.run());
  await model.waitForRequests(THREADS);
  const perTurn = ((await heapBytes()) - withoutTurns) / THREADS;
  gate.open();
  await Promise.all(results);
  return { perClient, perThread, perTurn, runtimeIdle, runtimeThreads };
}

/** Returns how many bytes a turn of a million deltas holds, for each byte of its text in memory. */
async function manyDeltas(party: string) {
  await using codex = new Codex({ launchArgs: floodServer(1, DELTAS) });
  const thread = await codex.startThread();
  const before = await heapBytes();
  const turn = await thread.turn("go");
  if (party === "run") {
    let peak = 0;
    const sampler = setInterval(() => {
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      peak = Math.max(peak, heapUsed + arrayBuffers);
    }, 20);
    const result = await turn.run();
    clearInterval(sampler);
    const held = (await heapBytes()) - before;
    if (result.status !== "completed") throw new Error(`The turn is ${result.status}.`);
    return { held, peak: peak - before };
  }
  // The fake handles requests in order: this response follows all events of the turn.
  await codex.client.request("bench/none", {});
  const held = (await heapBytes()) - before;
  const text = await textOf(turn);
  // V8 keeps one byte for each character of this text.
  return { held, text };
}

async function textOf(turn: TurnHandle): Promise<number> {
  let characters = 0;
  for await (const event of turn.stream()) {
    if (event.method === "item/agentMessage/delta") characters += event.params.delta.length;
  }
  return characters;
}

function runtimeBytes(): number {
  return descendantBytes(process.pid);
}
