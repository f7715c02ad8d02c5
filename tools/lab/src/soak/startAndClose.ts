import { Codex, CodexError } from "@openai/codex";

import { type Death, DEATHS, fakeServer, inputOf, textOf } from "./fakeServer.js";
import { ResourceWatch } from "./resources.js";
import { Problems, type ScenarioReport } from "./scenario.js";

const HEAP_BOUND = 3 * 1024 * 1024;
const WARM_UP = DEATHS.length * 2;
/** Short, so that a runtime that ignores its end does not take seconds. */
const CLOSE_TIMEOUT_MS = 40;

/** Expected end of a cycle by the runtime's fault. */
const ENDS: Readonly<Record<Death, string>> = {
  none: "completed",
  beforeInitialize: "RUNTIME_EXITED",
  inInitialize: "RUNTIME_EXITED",
  silent: "CLOSED",
  inTurn: "TRANSPORT_CLOSED",
  ignoresTheEnd: "completed",
};

/** Starts and closes clients one after the other, on runtimes that end at every stage. */
export async function soakStartAndClose(cycles: number): Promise<ScenarioReport> {
  const problems = new Problems();
  const faults: Record<string, number> = {};
  await runCycles(WARM_UP, problems, {});
  const watch = await ResourceWatch.start();
  await runCycles(cycles, problems, faults);
  const growth = await watch.growth();
  return {
    name: "start and close, over the fake",
    cases: cycles,
    faults,
    growth,
    heapBound: HEAP_BOUND,
    problems: problems.with(growth, HEAP_BOUND),
  };
}

async function runCycles(
  cycles: number,
  problems: Problems,
  faults: Record<string, number>,
): Promise<void> {
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const death = DEATHS[cycle % DEATHS.length] ?? "none";
    // One after the other, so that what one leaves behind affects the next.
    // oxlint-disable-next-line no-await-in-loop
    const end = await runCycle(death);
    problems.check(end === ENDS[death], () => `cycle ${cycle} (${death}) ended with ${end}`);
    if (death !== "none") faults[death] = (faults[death] ?? 0) + 1;
  }
}

async function runCycle(death: Death): Promise<string> {
  const codex = new Codex({ launchArgs: fakeServer(death), closeTimeoutMs: CLOSE_TIMEOUT_MS });
  try {
    if (death === "silent") {
      const started = codex.start();
      void codex.close();
      await started;
    }
    const thread = await codex.startThread();
    const { status, finalResponse } = await thread.run(inputOf({ deltas: 3 }));
    return finalResponse === textOf(3) ? status : `the text ${finalResponse}`;
  } catch (error) {
    return error instanceof CodexError ? error.code : String(error);
  } finally {
    await codex.close();
  }
}
