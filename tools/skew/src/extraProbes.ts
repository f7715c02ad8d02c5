import { readdir } from "node:fs/promises";

import { ApprovalMode, tool } from "@openai/codex";
import { functionCall, shellCall, usage } from "@openai/codex/testing";

import { RuntimeDifference } from "./outcome.js";
import { expectEqual, type Probe, withHarness } from "./probe.js";

const denyAll = { approvalMode: ApprovalMode.denyAll };

/** What an older runtime may lack; then it is refused with an error of the SDK's. */
export const extraProbes = {
  usage: (runtime) =>
    withHarness(runtime, async ({ codex, model }) => {
      model.reply("One.").enqueue(shellCall("true"), usage({ inputTokens: 5, outputTokens: 3 }));
      model.reply("Two.");
      const thread = await codex.startThread(denyAll);
      const tokens: unknown[] = [];
      for (const input of ["First", "Second"]) {
        // oxlint-disable-next-line no-await-in-loop
        const result = await thread.run(input);
        tokens.push([result.turnUsage?.totalTokens, result.usage?.total.totalTokens]);
      }
      if (JSON.stringify(tokens) === "[[2,2],[12,12]]") {
        throw new RuntimeDifference(
          "a turn begins with the last turn's usage once more, so that turnUsage counts that call twice",
        );
      }
      expectEqual("the turns' own tokens, and the thread's", tokens, [
        [2, 2],
        [10, 12],
      ]);
    }),

  commandItem: (runtime) =>
    withHarness(runtime, async ({ codex, model, workspace }) => {
      const escalation = { sandbox_permissions: "require_escalated", justification: "Please." };
      model.enqueue(shellCall("touch made", escalation)).reply("Done.");
      const thread = await codex.startThread({ onApproval: () => "accept" });
      const { items } = await thread.run("Make it");
      const types = items.map(({ type }) => type);
      expectEqual("what it made", await readdir(workspace), ["made"]);
      if (JSON.stringify(types) === '["userMessage","agentMessage"]') {
        throw new RuntimeDifference(
          "a command that prints nothing and ends at once gets no item/completed, and so is no item of the result",
        );
      }
      expectEqual("the items", types, ["userMessage", "commandExecution", "agentMessage"]);
    }),

  autoReview: (runtime) =>
    withHarness(runtime, async ({ codex, model }) => {
      model.reply("Hello.");
      const thread = await codex.startThread();
      expectEqual("the answer", (await thread.run("Hello")).finalResponse, "Hello.");
    }),

  steer: (runtime) =>
    withHarness(runtime, async ({ codex, model }) => {
      const gate = model.gate();
      model.streamText(["West", gate]).reply("North.");
      const thread = await codex.startThread(denyAll);
      const turn = await thread.turn("Go west");
      const result = turn.run();
      await gate.reached;
      await turn.steer("Go north");
      gate.open();
      expectEqual("the answer", (await result).finalResponse, "North.");
    }),

  outputSchema: (runtime) =>
    withHarness(runtime, async ({ codex, model }) => {
      model.reply('{"answer":42}');
      const thread = await codex.startThread(denyAll);
      const outputSchema = {
        type: "object",
        properties: { answer: { type: "number" } },
        required: ["answer"],
        additionalProperties: false,
      };
      const { finalResponse } = await thread.run("Ask", { outputSchema });
      expectEqual("the answer", finalResponse, '{"answer":42}');
      expectEqual("the schema", model.requests[0]?.textFormat()?.["schema"], outputSchema);
    }),

  tools: (runtime) =>
    withHarness(runtime, async ({ codex, model }) => {
      const lookUp = tool({
        name: "look_up",
        description: "Looks a word up.",
        inputSchema: { type: "object", properties: { word: { type: "string" } } },
        execute: (input) => `about ${JSON.stringify(input)}`,
      });
      const thread = await codex.startThread({ ...denyAll, tools: [lookUp] });
      model.enqueue(functionCall("look_up", { word: "codex" })).reply("Found.");
      await thread.run("Look it up");
      const texts = model.requests
        .at(-1)
        ?.functionCallOutputs()
        .map(({ text }) => text);
      expectEqual("the tool's answer", texts, ['about {"word":"codex"}']);
    }),

  fork: (runtime) =>
    withHarness(runtime, async ({ codex, model }) => {
      model.reply("One.").reply("Two.");
      const thread = await codex.startThread(denyAll);
      await thread.run("First");
      const forked = await thread.fork(denyAll);
      await forked.run("Second");
      const texts = model.requests.at(-1)?.userTexts() ?? [];
      expectEqual("the history", texts.filter((text) => !text.startsWith("<")).slice(-2), [
        "First",
        "Second",
      ]);
    }),

  goal: (runtime) =>
    withHarness(runtime, async ({ codex }) => {
      const thread = await codex.startThread(denyAll);
      expectEqual("the goal", await thread.goal(), null);
    }),

  listItems: (runtime) =>
    withHarness(runtime, async ({ codex, model }) => {
      model.reply("Hello.");
      const thread = await codex.startThread(denyAll);
      await thread.run("Hello");
      const { data } = await thread.listItems();
      expectEqual("how many items there are", data.length, 2);
    }),

  deleteThread: (runtime) =>
    withHarness(runtime, async ({ codex, model }) => {
      model.reply("Hello.");
      const thread = await codex.startThread(denyAll);
      await thread.run("Hello");
      await codex.deleteThread(thread.id);
      expectEqual("what is left", (await codex.listThreads()).data.length, 0);
    }),
} as const satisfies Record<string, Probe>;
