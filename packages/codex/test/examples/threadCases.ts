import { expect } from "vitest";

import {
  functionCall,
  message,
  reasoning,
  SCRIPTED_MODEL_NAME,
  streamedMessage,
} from "../../src/testing/index.js";
import type { ExampleCases } from "./exampleCase.js";

/** The examples of threads and of what they are given. */
export const threadCases: ExampleCases = {
  "01_quickStart": {
    script: (model) => model.reply("Hello there."),
    prints: ["Answer: Hello there."],
  },
  "02_turnRun": {
    script: (model) => model.reply("Tides rise and fall."),
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
    script: (model) =>
      model.respond((request) => {
        const texts = request.userTexts();
        const isAskedBack = texts.includes("Which word did I ask you to remember?");
        const isRemembered = texts.includes("Remember the word lighthouse.");
        return [message(isAskedBack && isRemembered ? "Lighthouse." : "I will.")];
      }),
    prints: ["Thread: <id>", "Remembered: Lighthouse."],
  },
  "06_threadLifecycle": {
    script: (model) => {
      for (const text of ["One.", "Two.", "Three.", "A summary."]) model.reply(text);
    },
    prints: [
      "Listed: Counting",
      "Fork: Three.",
      "Turns after the revert: 1",
      "Compaction: completed",
      "Lifecycle OK: <id>",
    ],
  },
  "07_imageAndText": {
    script: (model) =>
      model.respond((request) => [message(request.imageUrls().length === 1 ? "France." : "?")]),
    prints: ["Country: France."],
  },
  "08_localImage": {
    script: (model) =>
      model.respond((request) => [
        message(request.imageUrls().length === 1 ? "Blue, white, red." : "?"),
      ]),
    prints: ["Colours: Blue, white, red."],
  },
  "12_turnOptions": {
    script: (model) =>
      model.enqueue(
        reasoning("I think of the cathedral."),
        message('{"stops":["Minster"],"minutes":30}'),
      ),
    prints: ['JSON: {"stops":["Minster"],"minutes":30}', "Reasoning: I think of the cathedral."],
  },
  "13_modelSelect": {
    script: (model) =>
      model.respond((request) => {
        const isSelected =
          request.modelName() !== SCRIPTED_MODEL_NAME && request.reasoningEffort() !== undefined;
        return [message(isSelected ? "Proved." : "?")];
      }),
    prints: [
      expect.stringMatching(/^Selected model: \S+$/),
      expect.stringMatching(/^Selected effort: \w+$/),
      "Answer: Proved.",
    ],
  },
  "16_goals": {
    script: (model) =>
      model
        .streamText(["I ", "look."])
        .enqueue(functionCall("update_goal", { status: "complete" }))
        .enqueue(streamedMessage(["It is ", "empty."])),
    prints: [
      "I look.",
      "It is empty.",
      expect.stringMatching(/^Goal: complete \(\d+ tokens\)$/),
      "Stored goal: Find out what this folder is for, and say so in two sentences.",
      "Cleared: true",
    ],
  },
};
