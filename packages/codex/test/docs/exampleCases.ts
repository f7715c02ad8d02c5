import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "vitest";

import {
  functionCall,
  message,
  type ScriptedModel,
  shellCall,
  streamedMessage,
  usage,
} from "../../src/testing/index.js";
import { ONE_PIXEL_PNG } from "../support/onePixelPng.js";
import type { ExampleCase, ExampleCases } from "./exampleProgram.js";
import { testingExampleCases } from "./testingExampleCases.js";

const replies =
  (...texts: string[]) =>
  ({ model }: { readonly model: ScriptedModel }): void => {
    for (const text of texts) model.reply(text);
  };

const picture = {
  prepare: async ({ workspace, model }) => {
    await writeFile(join(workspace, "diagram.png"), ONE_PIXEL_PNG);
    await writeFile(join(workspace, "chart.png"), ONE_PIXEL_PNG);
    model.respond((request) => [message(`${request.imageUrls().length} pictures`)]);
  },
} satisfies Partial<ExampleCase>;

/** Examples in the doc comments of `@openai/codex`, and of its entry for tests. */
export const exampleCases: ExampleCases = {
  ...testingExampleCases,
  instrumentCodex: { prepare: replies("Hello."), prints: ["Hello."] },
  CODEX_CHANNELS: {
    prepare: ({ model }) =>
      model.enqueue(message("Hello."), usage({ inputTokens: 3, outputTokens: 4 })),
    after: `await thread.run("Hello.");`,
    prints: ["completed 7"],
  },
  Codex: { prepare: replies("It is empty."), prints: ["It is empty."] },
  "Codex.startThread": { prints: ["workspace-write"] },
  "Codex.resumeThread": {
    before: `const first = new Codex();
const started = await first.startThread();
await started.run("Hello.");
const threadId = started.id;
await first.close();`,
    prepare: replies("Hello.", "At the start."),
    prints: ["At the start."],
  },
  "Codex.iterateThreads": {
    before: `await thread.run("Say hello.");`,
    prepare: replies("Hello."),
    prints: ["Say hello."],
  },
  "CodexServices.loginChatgptDeviceCode": {
    signsIn: true,
    prints: ["Open <origin>/codex/device and enter ABCD-1234", "true"],
  },
  "CodexServices.runCommand": { prints: [expect.stringMatching(/^0 git version /)] },
  "Thread.run": {
    prepare: ({ model }) =>
      model.enqueue(message("Fixed."), usage({ inputTokens: 10, outputTokens: 2 })),
    prints: ["Fixed. 12"],
  },
  "Thread.turn": {
    after: "console.log(`\\n${status}`);",
    prepare: ({ model }) => model.streamText(["It ", "compiles."]),
    prints: ["It compiles.", "completed"],
  },
  "Thread.startGoal": {
    prepare: ({ model }) =>
      model.enqueue(functionCall("update_goal", { status: "complete" })).reply("They pass."),
    prints: ["complete"],
  },
  "Thread.updateSettings": { prints: ["high"] },
  "Thread.fork": {
    before: `await thread.run("Draft a title.");`,
    prepare: replies("Tides.", "The length."),
    prints: ["The length."],
  },
  "TurnHandle.stream": {
    prepare: replies("It compiles."),
    prints: ["userMessage", "agentMessage"],
  },
  "TurnHandle.steer": {
    before: `const turn = await thread.turn("List the files.");
for await (const { method } of turn.stream()) if (method === "item/agentMessage/delta") break;`,
    after: "console.log((await turn.result).finalResponse);",
    prepare: ({ model }) =>
      model.respond((request) =>
        request.lastUserText() === "Only the files of this week."
          ? [message("There are none.")]
          : [streamedMessage(["One", model.gate()])],
      ),
    prints: ["There are none."],
  },
  "TurnHandle.interrupt": {
    prepare: ({ model }) => model.streamText(["One", model.gate()]),
    prints: ["interrupted"],
  },
  "TurnOptions.outputSchema": {
    prepare: replies('{"files":["a.ts"]}'),
    prints: ["[ 'a.ts' ]"],
  },
  CodexError: { prepare: replies("Hello."), prints: [""] },
  isRetryableError: { after: "console.log(models.data.length > 0);", prints: ["true"] },
  retryOnOverload: { after: "console.log(thread.id);", prints: ["<id>"] },
  runWithRetry: {
    prepare: ({ model }) => model.fail("server_is_overloaded", "Busy.").reply("Fixed."),
    after: "console.log(result.finalResponse);",
    prints: ["Fixed."],
  },
  textInput: { ...picture, prints: [""] },
  imageInput: { ...picture, prints: [""] },
  localImageInput: { ...picture, prints: [""] },
  skillInput: {
    prepare: async ({ workspace, model }) => {
      const folder = join(workspace, ".agents", "skills", "greeter");
      await mkdir(folder, { recursive: true });
      await writeFile(
        join(folder, "SKILL.md"),
        "---\nname: greeter\ndescription: Greets people.\n---\nGreet in verse.\n",
      );
      model.reply("O Ada!");
    },
    prints: [""],
  },
  mentionInput: { prepare: replies("Lunch."), prints: [""] },
  "Codex.exportThread": {
    before: `
const source = await codex.startThread({ sandbox: "read-only" });
await source.run("Hello.");
const threadId = source.id;
`,
    prepare: replies("Hi."),
    prints: [expect.stringMatching(/^\d+ readOnly$/)],
  },
  "Codex.importThread": {
    before: `
const source = await codex.startThread();
await source.run("Hello.");
const bundle = await codex.exportThread(source.id);
`,
    prepare: ({ model }) => model.reply("Hi.").reply("At the start."),
    prints: ["At the start."],
  },
  fileThreadStore: { prints: [""] },
  codexExecServer: { prints: ["true"] },
  continueInput: {
    prepare: ({ model }) => model.fail("server_error", "Out of order.").reply("Two files changed."),
    after: "console.log(result.finalResponse);",
    prints: ["Two files changed."],
  },
  externalMessage: { prepare: replies("Noted."), prints: [""] },
  approvalsByKind: {
    before: "const askUser = async (question: string) => question.length > 100;",
    after: `console.log((await thread.run("Print the word ready.")).finalResponse);`,
    prepare: ({ model }) =>
      model
        .enqueue(shellCall("echo ready", { sandbox_permissions: "require_escalated" }))
        .reply("Declined."),
    prints: ["Declined."],
  },
  tool: {
    after: `console.log((await thread.run("How many bolts?")).finalResponse);`,
    prepare: ({ model }) => model.callFunction("stock", { article: "bolt" }).reply("12."),
    prints: ["12."],
  },
  toolText: {
    ...picture,
    before: `const data = await readFile("chart.png");`,
    after: "console.log(content.length);",
    prints: ["2"],
  },
  toolImage: { ...picture, after: "console.log(image.type);", prints: ["inputImage"] },
};
