import { expect } from "vitest";

import type { ExampleCases } from "./exampleCase.js";

/** Examples about threads and their inputs. */
export const threadCases: ExampleCases = {
  "01_quickStart": {
    prints: ["Answer: Hello there."],
  },
  "02_turnRun": {
    prints: [
      "Thread: <id>",
      "Turn: <id> completed in <ms>",
      "Items: userMessage, agentMessage",
      "Tokens of this turn: 2",
      "Answer: Tides rise and fall.",
      "Stored turns: <id> completed",
    ],
  },
  "04_modelsAndMetadata": {
    prints: [
      "SDK: <version>",
      "Runtime: <version> on <os>",
      "CODEX_HOME: <codexHome>",
      expect.stringMatching(/^Model: \S+ \(default\): low, medium, high/),
      "…",
    ],
  },
  "05_existingThread": {
    prints: ["Thread: <id>", "Remembered: Lighthouse."],
  },
  "06_threadLifecycle": {
    prints: [
      "Listed: Counting",
      "Fork: Three.",
      "Turns after the revert: 1",
      "Compaction: completed",
      "Lifecycle OK: <id>",
    ],
  },
  "07_imageAndText": {
    prints: ["Country: France."],
  },
  "08_localImage": {
    prints: ["Colours: Blue, white, red."],
  },
  "12_turnOptions": {
    prints: ['JSON: {"stops":["Minster"],"minutes":30}', "Reasoning: I think of the cathedral."],
  },
  "13_modelSelect": {
    prints: [
      expect.stringMatching(/^Selected model: \S+$/),
      expect.stringMatching(/^Selected effort: \w+$/),
      "Answer: Proved.",
    ],
  },
  "16_goals": {
    prints: [
      "I look.",
      "It is empty.",
      expect.stringMatching(/^Goal: complete \(\d+ tokens\)$/),
      "Stored goal: Find out what this folder is for, and say so in two sentences.",
      "Cleared: true",
    ],
  },
  "27_budgetedGoal": {
    prints: [
      expect.stringMatching(/^Round 1: budgetLimited, \d+ tokens$/),
      expect.stringMatching(/^Round 2: budgetLimited, \d+ tokens$/),
      expect.stringMatching(/^Round 3: complete, \d+ tokens$/),
      "Answer: All pages are done.",
    ],
  },
};
