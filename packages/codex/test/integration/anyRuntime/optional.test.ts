// Features that older runtimes may lack or do in another way. `pnpm lab skew` runs these tests with
// CODEX_CLI_BIN_PATH set to another runtime, and docs/skew.md shows which fail. A title is a row there.
import { readdir } from "node:fs/promises";

import { expect, it } from "vitest";

import { ApprovalMode, tool } from "../../../src/index.js";
import { functionCall, shellCall, startHarness, usage } from "../../../src/testing/index.js";

const denyAll = { approvalMode: ApprovalMode.denyAll };

it("counts the tokens of each turn", async () => {
  await using harness = await startHarness();
  harness.model
    .reply("One.")
    .enqueue(shellCall("true"), usage({ inputTokens: 5, outputTokens: 3 }))
    .reply("Two.");
  const thread = await harness.codex.startThread(denyAll);
  const first = await thread.run("First");
  const second = await thread.run("Second");
  const tokens = [first, second].map(({ turnUsage, usage: threadUsage }) => [
    turnUsage?.totalTokens,
    threadUsage?.total.totalTokens,
  ]);
  expect(tokens).toEqual([
    [2, 2],
    [10, 12],
  ]);
});

it("has an item for a command that prints nothing", async () => {
  await using harness = await startHarness();
  const escalation = { sandbox_permissions: "require_escalated", justification: "Please." };
  harness.model.enqueue(shellCall("touch made", escalation)).reply("Done.");
  const thread = await harness.codex.startThread({ onApproval: () => "accept" });
  const { items } = await thread.run("Make it");
  expect(await readdir(harness.workspace)).toEqual(["made"]);
  expect(items.map(({ type }) => type)).toEqual([
    "userMessage",
    "commandExecution",
    "agentMessage",
  ]);
});

it("starts a thread with the default approval mode", async () => {
  await using harness = await startHarness();
  harness.model.reply("Hello.");
  const thread = await harness.codex.startThread();
  expect((await thread.run("Hello")).finalResponse).toBe("Hello.");
});

it("steers a turn", async () => {
  await using harness = await startHarness();
  const gate = harness.model.gate();
  harness.model.streamText(["West", gate]).reply("North.");
  const thread = await harness.codex.startThread(denyAll);
  const turn = await thread.turn("Go west");
  const result = turn.run();
  await gate.reached;
  await turn.steer("Go north");
  gate.open();
  expect((await result).finalResponse).toBe("North.");
});

it("sends an output schema", async () => {
  await using harness = await startHarness();
  harness.model.reply('{"answer":42}');
  const thread = await harness.codex.startThread(denyAll);
  const outputSchema = {
    type: "object",
    properties: { answer: { type: "number" } },
    required: ["answer"],
    additionalProperties: false,
  };
  const { finalResponse } = await thread.run("Ask", { outputSchema });
  expect(finalResponse).toBe('{"answer":42}');
  expect(harness.model.requests[0]?.textFormat()?.["schema"]).toEqual(outputSchema);
});

it("offers tools to the model", async () => {
  await using harness = await startHarness();
  const lookUp = tool({
    name: "look_up",
    description: "Looks a word up.",
    inputSchema: { type: "object", properties: { word: { type: "string" } } },
    execute: (input) => `about ${JSON.stringify(input)}`,
  });
  const thread = await harness.codex.startThread({ ...denyAll, tools: [lookUp] });
  harness.model.enqueue(functionCall("look_up", { word: "codex" })).reply("Found.");
  await thread.run("Look it up");
  const outputs = harness.model.requests.at(-1)?.functionCallOutputs() ?? [];
  expect(outputs.map(({ text }) => text)).toEqual(['about {"word":"codex"}']);
});

it("forks a thread", async () => {
  await using harness = await startHarness();
  harness.model.reply("One.").reply("Two.");
  const thread = await harness.codex.startThread(denyAll);
  await thread.run("First");
  const forked = await thread.fork(denyAll);
  await forked.run("Second");
  const texts = harness.model.requests.at(-1)?.userTexts() ?? [];
  expect(texts.filter((text) => !text.startsWith("<")).slice(-2)).toEqual(["First", "Second"]);
});

it("reads a thread's goal", async () => {
  await using harness = await startHarness();
  const thread = await harness.codex.startThread(denyAll);
  expect(await thread.goal()).toBeNull();
});

it("lists a thread's items", async () => {
  await using harness = await startHarness();
  harness.model.reply("Hello.");
  const thread = await harness.codex.startThread(denyAll);
  await thread.run("Hello");
  expect((await thread.listItems()).data).toHaveLength(2);
});

it("deletes a thread", async () => {
  await using harness = await startHarness();
  harness.model.reply("Hello.");
  const thread = await harness.codex.startThread(denyAll);
  await thread.run("Hello");
  await harness.codex.deleteThread(thread.id);
  expect((await harness.codex.listThreads()).data).toEqual([]);
});
