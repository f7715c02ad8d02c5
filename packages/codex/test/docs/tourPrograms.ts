import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { expect } from "vitest";

import { functionCall, message, shellCall, streamedMessage } from "../../src/testing/index.js";
import { codeBlocksOf } from "../support/codeBlocks.js";
import { ONE_PIXEL_PNG } from "../support/onePixelPng.js";
import { repoRoot } from "../support/sourceFiles.js";
import type { DocPrograms } from "./docProgram.js";

const SDK = pathToFileURL(join(repoRoot, "packages/codex/dist/index.js")).href;

/** A program that makes a client of its own. */
const PROGRAM = `import { Codex } from "${SDK}";
const codex = new Codex();
const thread = await codex.startThread();
process.stdout.write((await thread.run("Say hello.")).finalResponse);
await codex.close();
`;

/** The server for server-sent events, as its guide has it. */
async function sseServer(): Promise<string> {
  const path = "docs/guides/streaming.md";
  const text = await readFile(join(repoRoot, path), "utf8");
  const block = codeBlocksOf({ path, text }).find(({ program }) => program === "streaming-node");
  return (block?.code ?? "").replace("@openai/codex", SDK);
}

/** Programs of the tour of the API, of the page about tests, and of the questions. */
export const tourPrograms: DocPrograms = {
  "tour-first": {
    prepare: ({ model }) => model.reply("An empty folder."),
    prints: ["An empty folder."],
  },
  "tour-threads": {
    prepare: ({ model }) => model.reply("There is none.").reply("A README."),
    prints: [expect.stringMatching(/^<id> /), expect.stringMatching(/^<id> /), "1"],
  },
  "tour-stream": {
    prepare: ({ model }) => model.streamText(["It ", "compiles."]),
    prints: ["userMessage", "It compiles.agentMessage"],
  },
  "tour-controls": {
    prepare: ({ model }) =>
      model.respond((request) =>
        request.lastUserText() === "Look for slow tests."
          ? [message("There are none.")]
          : [streamedMessage(["One", model.gate()])],
      ),
    prints: ["interrupted"],
  },
  "tour-output": {
    prepare: ({ model }) => model.reply('{"summary":"One file.","files":["a.ts"]}'),
    prints: ["One file. 1"],
  },
  "tour-goal": {
    prepare: ({ model }) =>
      model
        .reply("I look.")
        .enqueue(functionCall("update_goal", { status: "complete" }))
        .reply("They pass."),
    prints: ["complete They pass."],
  },
  "tour-errors": { prepare: ({ model }) => model.reply("Hello."), prints: [""] },
  "testing-first": { prints: ["…"] },
  "tour-login": { prints: [""] },
  "tour-inputs": {
    prepare: async ({ model, workspace }) => {
      await writeFile(join(workspace, "before.png"), ONE_PIXEL_PNG);
      await writeFile(join(workspace, "after.png"), ONE_PIXEL_PNG);
      model.respond((request) => [message(request.imageUrls().length === 2 ? "Nothing." : "?")]);
    },
    prints: ["Nothing."],
  },
  "tour-options": { prepare: ({ model }) => model.reply("Fixed."), prints: [""] },
  "tour-approvals": {
    typed: [{ prompt: "(y/n) ", text: "n\n" }],
    prepare: ({ model }) =>
      model
        .enqueue(
          shellCall("mkdir reports", {
            sandbox_permissions: "require_escalated",
            justification: "You asked for it.",
          }),
        )
        .reply("You declined."),
    prints: [expect.stringMatching(/^Run ".*mkdir reports.*"\? \(y\/n\) You declined\.$/)],
  },
  "tour-tools": {
    prepare: ({ model }) => model.callFunction("weather", { city: "Oslo" }).reply("Yes."),
    prints: ["Yes."],
  },
  "tour-review": { prepare: ({ model }) => model.reply("No findings."), prints: ["No findings."] },
  "tour-commonjs": { prepare: ({ model }) => model.reply("Hello."), prints: ["Hello."] },
  "tour-protocol": { prints: ["…"] },
  "testing-program": {
    prepare: ({ workspace }) => writeFile(join(workspace, "program.mjs"), PROGRAM),
    prints: ["Hello."],
  },
  "testing-server": {
    prepare: async ({ workspace }) => writeFile(join(workspace, "server.mjs"), await sseServer()),
    prints: [
      "event: text",
      'data: "You asked: "',
      "",
      "event: text",
      'data: "Are you there?"',
      "",
      "event: done",
      'data: {"status":"completed"}',
    ],
  },
  "testing-key": { prints: ["apiKey", "Bearer sk-test"] },
  "testing-steps": { prints: ["3 0"] },
  "testing-respond": { prints: [""] },
  "testing-files": { prints: ["[ 'userMessage', 'fileChange', 'agentMessage' ]"] },
  "testing-approvals": {
    prints: [expect.stringMatching(/ -lc '?npm publish'? Needs the network\.$/), "declined"],
  },
  "testing-gate": { prints: ["One, two."] },
  "testing-tool": {
    prints: [`true [ { type: 'inputText', text: '{"received":{"value":2}}' } ]`],
  },
  "faq-busy": {
    prepare: ({ model }) =>
      model.respond((request) => {
        switch (request.lastUserText()) {
          case "Write the report.":
            return [streamedMessage(["Der Bericht", model.gate()])];
          case "Now the summary.":
            return [message("The summary.")];
          default:
            return [message("The report.")];
        }
      }),
    prints: ["The summary."],
  },
  "faq-home": { prints: ["null"] },
  "faq-websocket": { prints: [""] },
  "lasting-connection": { prints: [""] },
  "faq-version": { prints: ["<version> <version>"] },
};
