import { startHarness } from "@openai/codex/testing";

import { ResourceWatch } from "./resources.js";
import { Problems, type ScenarioReport } from "./scenario.js";

const HEAP_BOUND = 3 * 1024 * 1024;
const WARM_UP = 2;

/** Starts the real runtime, runs a turn and closes it, every other time in the middle of a turn. */
export async function soakRealRuntime(cycles: number): Promise<ScenarioReport> {
  const problems = new Problems();
  for (let cycle = 0; cycle < WARM_UP; cycle += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await runCycle(cycle, problems);
  }
  const watch = await ResourceWatch.start();
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await runCycle(cycle, problems);
  }
  const growth = await watch.growth();
  return {
    name: "start and close, over the real runtime",
    cases: cycles,
    faults: { closedInATurn: Math.floor(cycles / 2) },
    growth,
    heapBound: HEAP_BOUND,
    problems: problems.with(growth, HEAP_BOUND),
  };
}

async function runCycle(cycle: number, problems: Problems): Promise<void> {
  await using harness = await startHarness();
  const { codex, model } = harness;
  const thread = await codex.startThread();
  const gate = model.gate();
  model.streamText(["Hel", "lo."]).streamText(["Work", gate]);
  const { finalResponse } = await thread.run("Greet");
  problems.check(finalResponse === "Hello.", () => `cycle ${cycle} answered ${finalResponse}`);
  if (cycle % 2 === 0) return;
  const cutOff = (await thread.turn("Work")).run().then(
    ({ status }) => status,
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );
  await gate.reached;
  await codex.close();
  const end = await cutOff;
  problems.check(end === "CLOSED", () => `cycle ${cycle} ended with ${String(end)}`);
}
