import { expect } from "vitest";

import { message, shellCall, streamedMessage, usage } from "../../src/testing/index.js";
import type { ExampleCases } from "./exampleCase.js";

const escalated = { sandbox_permissions: "require_escalated", justification: "You asked for it." };

/** The examples of turns, and of what the program answers while they run. */
export const turnCases: ExampleCases = {
  "03_streamEvents": {
    script: (model) => model.streamText(["Blue ", "light ", "scatters."]),
    prints: [
      "",
      "[item completed: userMessage]",
      "Blue light scatters.",
      "[item completed: agentMessage]",
      "[tokens so far: 2]",
      "[turn completed]",
    ],
  },
  "09_manyTurnsAtOnce": {
    script: (model) =>
      model.respond(async (request) => {
        // No turn gets its answer before all three are under way.
        await model.waitForRequests(3);
        const language = /in (\w+)\./.exec(request.lastUserText() ?? "")?.[1] ?? "?";
        return [streamedMessage([`morning in ${language}`])];
      }),
    inAnyOrder: true,
    prints: [
      "French …morning in French",
      "Japanese …morning in Japanese",
      "Swahili …morning in Swahili",
      "French: morning in French",
      "Japanese: morning in Japanese",
      "Swahili: morning in Swahili",
    ],
  },
  "10_errorsAndRetry": {
    script: (model) => model.fail("server_error", "The model is out of order."),
    prints: [
      "Refused by the runtime: THREAD_NOT_FOUND thread/resume",
      "Refused by the SDK: INVALID_OPTION",
      "The turn failed: stream disconnected before completion: The model is out of order.",
      "What it had done by then: 1 items",
    ],
  },
  "11_chat": {
    stdin: "Hello\n\nAnd you?\n/exit\nnot read\n",
    script: (model) =>
      model
        .enqueue(streamedMessage(["Hi ", "there."]), usage({ inputTokens: 12, outputTokens: 3 }))
        .streamText(["I am fine."]),
    prints: [
      "Type a message, or /exit.",
      "You: Codex: Hi there.",
      "[12 tokens in, 3 out]",
      "You: You: Codex: I am fine.",
      "[1 tokens in, 1 out]",
      "You: Bye.",
    ],
  },
  "14_turnControls": {
    script: (model) =>
      model.respond((request) => {
        const asked = request.lastUserText() ?? "";
        if (asked.includes("two lines")) return [message("A lake lies still,\nand so do I.")];
        // What is being said when the turn is steered, interrupted or aborted never ends by itself.
        return [streamedMessage(["One, ", model.gate(), "two"])];
      }),
    prints: [
      "Steered: A lake lies still,",
      "and so do I.",
      "Interrupted: interrupted",
      "Aborted: I have had enough",
    ],
  },
  "17_approvals": {
    script: (model) =>
      model
        .enqueue(shellCall("node --version", escalated))
        .enqueue(shellCall("node --help", escalated))
        .reply("The first one ran."),
    prints: [
      "Accepted: node --version (You asked for it.)",
      "Declined: node --help (You asked for it.)",
      expect.stringMatching(/^Command: completed .*node --version/),
      expect.stringMatching(/^Command: declined .*node --help/),
      "Answer: The first one ran.",
    ],
  },
  "18_tools": {
    script: (model) =>
      model
        .callFunction("stock", { fruit: "plums" })
        .callFunction("stock", { fruit: "kiwis" })
        .respond((request) => {
          const outputs = request.functionCallOutputs().map(({ text }) => text);
          return outputs.length === 2 ? [message(outputs.join(" / "))] : undefined;
        }),
    prints: [
      "Tool called: stock(plums)",
      "Tool called: stock(kiwis)",
      'Answer: {"fruit":"plums","pieces":40} / We do not sell kiwis.',
    ],
  },
  "19_structuredOutput": {
    script: (model) =>
      model.reply(
        JSON.stringify({
          title: "Pancakes",
          minutes: 20,
          ingredients: [
            { name: "flour", grams: 200 },
            { name: "salt", grams: null },
          ],
        }),
      ),
    prints: ["Title: Pancakes", "Minutes: 20", "Ingredient: 200 g of flour", "Ingredient: salt"],
  },
  "20_testingYourCode": { prints: ["Test passed: A fox jumps."] },
};
