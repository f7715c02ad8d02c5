import { expect } from "vitest";

import type { ExampleCases } from "./exampleCase.js";

/** Examples about turns, and about the answers of the program while they run. */
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
      "Completed by then: 1 items",
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
  "21_sseServer": {
    prints: [
      "Listening on <origin>/",
      "text/event-stream",
      ...["Hello ", "to ", "you."].flatMap((delta) => [
        "event: text",
        `data: ${JSON.stringify(delta)}`,
        "",
      ]),
      "event: done",
      'data: {"status":"completed","tokens":2}',
    ],
  },
  "22_terminalAgent": {
    typed: [
      { prompt: "You: ", text: "Count the files.\n" },
      { prompt: "Counting", text: "Only those of this week.\n" },
      { prompt: "(y/n) ", text: "y\n" },
      { prompt: "You: ", text: "/exit\n" },
    ],
    prints: [
      "Type a message; /stop interrupts, /exit leaves.",
      "You: Counting",
      expect.stringMatching(/^Run ".*node --version.*" in .*, outside of the sandbox\? \(y\/n\) /),
      "There is one.",
      "You: Bye.",
    ],
  },
  "23_reviewManyFiles": {
    prints: [
      "01_quickStart.js: good. 01_quickStart.js is short.",
      "02_turnRun.js: good. 02_turnRun.js is short.",
      "03_streamEvents.js: good. 03_streamEvents.js is short.",
      "04_modelsAndMetadata.js: good. 04_modelsAndMetadata.js is short.",
      "05_existingThread.js: good. 05_existingThread.js is short.",
      "06_threadLifecycle.js: good. 06_threadLifecycle.js is short.",
      "6 files",
    ],
  },
  "24_githubAction": {
    prints: [
      "::warning file=src/app.ts,line=12::limit may be 0",
      "## Review",
      "",
      "The limit of a page is not checked.",
      "",
      "1 findings",
    ],
  },
  "25_channelBot": {
    prints: [
      "#general: Noted.",
      "#general: Noted.",
      "#dev: Noted.",
      "#general: You are Ada, and live in Oslo.",
    ],
  },
  "26_externalMessage": {
    prints: ["Status: completed", "Category: spam", "Gives orders: true", "Commands: 0"],
  },
};
