import { subscribe, tracingChannel } from "node:diagnostics_channel";
import { monitorEventLoopDelay } from "node:perf_hooks";

import { Codex, CODEX_CHANNELS, type Thread } from "@openai/codex";

import { BareClient } from "../bareClient.js";
import { floodServer, READY, readySignal } from "../floodServer.js";
import type { StartWorkload } from "../workload.js";

const NANOSECONDS = 1_000_000;

/**
 * Reads the events of `args[0]` turns at once, `args[1]` deltas in each. Parties: run, stream, bare, and
 * `followed`: run with subscribers on each channel.
 */
export const startFlood: StartWorkload = async (party, [turnArg = "1", deltaArg = "1"]) => {
  const turns = Number(turnArg);
  const deltas = Number(deltaArg);
  const command = floodServer(turns, deltas);
  const flood =
    party === "bare" ? await bareFlood(command, turns) : await sdkFlood(command, turns, party);
  return {
    round: async () => {
      globalThis.gc?.();
      const delay = monitorEventLoopDelay({ resolution: 1 });
      const ms = await flood.round(() => delay.enable());
      delay.disable();
      const events = turns * (deltas + 2);
      return { perSecond: events / (ms / 1000), p99Ms: delay.percentile(99) / NANOSECONDS };
    },
    close: flood.close,
  };
};

interface Flood {
  /** Returns the milliseconds from the first event to the last result. */
  round(onReady: () => void): Promise<number>;
  close(): Promise<void>;
}

async function bareFlood(command: [string, ...string[]], turns: number): Promise<Flood> {
  const client = new BareClient({ command });
  await client.start();
  const round = async (onReady: () => void) => {
    let start = Number.NaN;
    let completed = 0;
    const ended = new Promise<void>((resolve) => {
      client.onNotification = ({ method }) => {
        if (method === "turn/completed" && ++completed === turns) resolve();
        if (method !== READY) return;
        onReady();
        start = performance.now();
      };
    });
    const threadIds = Array.from({ length: turns }, (_, index) => `thread-${index + 1}`);
    await Promise.all(threadIds.map((threadId) => client.request("turn/start", { threadId })));
    await ended;
    return performance.now() - start;
  };
  return { round, close: () => client.close() };
}

async function sdkFlood(
  command: [string, ...string[]],
  turns: number,
  party: string,
): Promise<Flood> {
  if (party === "followed") followChannels();
  const codex = new Codex({ launchArgs: command });
  const threads = await Promise.all(Array.from({ length: turns }, () => codex.startThread()));
  const read = party === "stream" ? streamTurn : runTurn;
  const round = async (onReady: () => void) => {
    const ready = readySignal(codex).then((start) => {
      onReady();
      return start;
    });
    await Promise.all(threads.map((thread) => read(thread)));
    return performance.now() - (await ready);
  };
  return { round, close: () => codex.close() };
}

/** Subscribes to all that the SDK publishes, as long as the process lives. */
function followChannels(): void {
  const listener = () => {};
  for (const name of Object.values(CODEX_CHANNELS)) {
    subscribe(name, listener);
    const { start, end, asyncStart, asyncEnd, error } = tracingChannel(name);
    for (const step of [start, end, asyncStart, asyncEnd, error]) step.subscribe(listener);
  }
}

async function runTurn(thread: Thread): Promise<void> {
  await thread.run("go");
}

async function streamTurn(thread: Thread): Promise<void> {
  const turn = await thread.turn("go");
  let characters = 0;
  for await (const event of turn.stream()) {
    if (event.method === "item/agentMessage/delta") characters += event.params.delta.length;
  }
  if (characters === 0) throw new Error("The stream had no text.");
}
