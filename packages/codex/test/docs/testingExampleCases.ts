import type { ExampleCase, ExampleCases } from "./exampleProgram.js";

/** Runs a turn on the harness that an example has scripted, and shows its items and its answer. */
const run = (...lines: string[]): ExampleCase => ({
  after: `
const started = await harness.codex.startThread({ sandbox: "workspace-write" });
const { items, finalResponse, turnUsage } = await started.run("Go on.");
console.log(items.map(({ type }) => type).join(" "));
console.log(finalResponse, turnUsage?.totalTokens);
`,
  prints: lines,
});

/** Runs a turn that fails, as the harness has switched off the retries of the runtime. */
const FAILS: ExampleCase = {
  after: `
const started = await harness.codex.startThread();
console.log(await started.run("Go on.").catch((error: unknown) => error instanceof Error && error.name));
`,
  prints: ["TurnFailedError"],
};

/** Examples in the doc comments of `@openai/codex/testing`. */
export const testingExampleCases: ExampleCases = {
  startHarness: { prints: ["Hello."] },
  message: run("userMessage agentMessage", "Done. 2"),
  streamedMessage: run("userMessage agentMessage", "One, two. 2"),
  delay: run("userMessage agentMessage", "Done. 2"),
  rawSse: run("userMessage agentMessage", "Done. 2"),
  reasoning: run("userMessage reasoning agentMessage", "Done. 2"),
  functionCall: run("userMessage agentMessage", "It is cold. 4"),
  shellCall: run("userMessage commandExecution agentMessage", "There are two files. 4"),
  applyPatch: run("userMessage fileChange agentMessage", "Noted. 4"),
  threadStoreContracts: {
    before: `
const folder = process.cwd();
const names: string[] = [];
const test = (name: string, _run: unknown) => names.push(name);
`,
    after: "console.log(names.length > 14);",
    prints: ["true"],
  },
  usage: run("userMessage agentMessage", "Done. 1230"),
  truncation: FAILS,
  destroySocket: FAILS,
  httpStatus: FAILS,
  failure: FAILS,
};
