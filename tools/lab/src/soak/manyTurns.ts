import { getEventListeners } from "node:events";

import { Codex, type Thread } from "@openai/codex";

import { fakeServer, inputOf, textOf } from "./fakeServer.js";
import { ResourceWatch } from "./resources.js";
import { Problems, type ScenarioReport } from "./scenario.js";

const HEAP_BOUND = 3 * 1024 * 1024;
const THREADS = 16;
const WARM_UP = 160;
const DELTAS = 8;

/** Runs many turns on one client, several at a time, over a connection with invalid lines. */
export async function soakManyTurns(turns: number): Promise<ScenarioReport> {
  const problems = new Problems();
  let junkLines = 0;
  let stderrLines = 0;
  await using codex = new Codex({
    launchArgs: fakeServer(),
    onDiagnostic: ({ kind }) => (junkLines += kind === "unparsableLine" ? 1 : 0),
    onStderr: () => (stderrLines += 1),
  });
  const threads = await Promise.all(Array.from({ length: THREADS }, () => codex.startThread()));
  const { signal } = new AbortController();
  await runTurns(threads, WARM_UP, signal, problems);
  const watch = await ResourceWatch.start();
  await runTurns(threads, turns, signal, problems);
  const listeners = getEventListeners(signal, "abort").length;
  problems.check(listeners === 0, () => `${listeners} listeners were left on the caller's signal`);
  const growth = await watch.growth();

  // The response follows everything that was sent before it.
  const faults = toCounts(await codex.client.request("soak/report"));
  problems.check(
    junkLines === faults["junkLines"],
    () => `${junkLines} invalid lines were reported`,
  );
  problems.check(
    stderrLines === faults["stderrLines"],
    () => `${stderrLines} lines of stderr were received`,
  );
  return {
    name: "turns on one client",
    cases: turns,
    faults,
    growth,
    heapBound: HEAP_BOUND,
    problems: problems.with(growth, HEAP_BOUND),
  };
}

async function runTurns(
  threads: readonly Thread[],
  turns: number,
  signal: AbortSignal,
  problems: Problems,
): Promise<void> {
  const wanted = textOf(DELTAS);
  let started = 0;
  await Promise.all(
    threads.map(async (thread) => {
      while (started < turns) {
        started += 1;
        const number = started;
        // Each thread has one turn at a time; the threads run beside each other.
        // oxlint-disable-next-line no-await-in-loop
        const turn = await thread.turn(inputOf({ deltas: DELTAS, faults: true }), { signal });
        let text = "";
        // oxlint-disable-next-line no-await-in-loop
        for await (const event of turn.stream()) {
          if (event.method === "item/agentMessage/delta") text += event.params.delta;
        }
        problems.check(text === wanted, () => `turn ${number} has the text ${text}`);
      }
    }),
  );
}

function toCounts(report: unknown): Record<string, number> {
  const entries = Object.entries(report ?? {});
  return Object.fromEntries(entries.map(([kind, count]) => [kind, Number(count)]));
}
