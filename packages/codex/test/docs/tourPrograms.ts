import { expect } from "vitest";

import { functionCall, message, streamedMessage } from "../../src/testing/index.js";
import type { DocPrograms } from "./docProgram.js";

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
  "testing-steps": { prints: ["3 0"] },
  "testing-respond": { prints: [""] },
  "testing-files": { prints: ["[ 'userMessage', 'fileChange', 'agentMessage' ]"] },
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
  "faq-version": { prints: ["<version> <version>"] },
};
