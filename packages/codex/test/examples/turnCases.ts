import { expect } from "vitest";

import type { ExampleCases } from "./exampleCase.js";

/** The examples of turns, and of what the program answers while they run. */
export const turnCases: ExampleCases = {
  "03_streamEvents": {
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
    prints: [
      "Refused by the runtime: THREAD_NOT_FOUND thread/resume",
      "Refused by the SDK: INVALID_OPTION",
      "The turn failed: stream disconnected before completion: The model is out of order.",
      "What it had done by then: 1 items",
    ],
  },
  "11_chat": {
    stdin: "Hello\n\nAnd you?\n/exit\nnot read\n",
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
    prints: [
      "Steered: A lake lies still,",
      "and so do I.",
      "Interrupted: interrupted",
      "Aborted: I have had enough",
    ],
  },
  "17_approvals": {
    prints: [
      "Accepted: node --version (You asked for it.)",
      "Declined: node --help (You asked for it.)",
      expect.stringMatching(/^Command: completed .*node --version/),
      expect.stringMatching(/^Command: declined .*node --help/),
      "Answer: The first one ran.",
    ],
  },
  "18_tools": {
    prints: [
      "Tool called: stock(plums)",
      "Tool called: stock(kiwis)",
      'Answer: {"fruit":"plums","pieces":40} / We do not sell kiwis.',
    ],
  },
  "19_structuredOutput": {
    prints: ["Title: Pancakes", "Minutes: 20", "Ingredient: 200 g of flour", "Ingredient: salt"],
  },
  "20_testingYourCode": { prints: ["Test passed: A fox jumps."] },
};
