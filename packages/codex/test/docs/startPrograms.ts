import { expect } from "vitest";

import { delay, message, type ScriptedModel } from "../../src/testing/index.js";
import type { DocPrograms } from "./docProgram.js";

const replies =
  (...texts: string[]) =>
  ({ model }: { readonly model: ScriptedModel }): void => {
    for (const text of texts) model.reply(text);
  };

/** Programs of the packages' pages, and of the guides about the first turn, threads and inputs. */
export const startPrograms: DocPrograms = {
  "readme-hello": { prepare: replies("An SDK."), prints: ["An SDK."] },
  "readme-login": {
    harness: { requiresOpenaiAuth: true },
    env: { OPENAI_API_KEY: "sk-test-0123456789" },
    prints: ["apiKey"],
  },
  "readme-stream": {
    prepare: ({ model }) => model.streamText(["It ", "works."]),
    prints: ["It works.", "completed: 2 items, 2 tokens"],
  },
  "root-hello": { prepare: replies("An SDK."), prints: ["An SDK."] },
  "root-stream": {
    prepare: ({ model }) => model.streamText(["It ", "works."]),
    prints: ["It works."],
  },
  "cli-bin": {
    prints: [expect.stringMatching(/^<version> \S+codex\S* \S+$/), "codex-cli <version>"],
    // The CLI warns about a CODEX_HOME below the temporary folder.
    stderr: expect.any(String),
  },
  "from-codex-sdk": { prepare: replies("An empty folder."), prints: ["An empty folder.", "1"] },
  "from-codex-exec": { prepare: replies("An empty folder."), prints: ["An empty folder."] },
  "from-python": { prepare: replies("Fixed."), prints: ["Fixed."] },
  "first-turn": { prepare: replies("An empty folder."), prints: ["An empty folder."] },
  "first-turn-result": {
    prepare: replies("None."),
    prints: ["userMessage, agentMessage", "2 tokens"],
  },
  "first-turn-using": { prepare: replies("Hello."), prints: ["Hello."] },
  "first-turn-abort": {
    prepare: ({ model }) => model.enqueue(delay(50), message("None.")),
    prints: ["None."],
  },
  "api-key": {
    harness: { requiresOpenaiAuth: true },
    env: { OPENAI_API_KEY: "sk-test-0123456789" },
    prints: ["apiKey"],
  },
  "api-key-ci": {
    env: { OPENAI_API_KEY: "sk-test-0123456789" },
    prepare: replies("It adds a test."),
    prints: ["It adds a test."],
  },
  "threads-resume": { prepare: replies("OK.", "Lighthouse."), prints: ["Lighthouse."] },
  "threads-list": {
    prepare: replies("Hello."),
    prints: ["Greeting", "completed", "userMessage", "agentMessage"],
  },
  "threads-settings": { prints: ["read-only low", "workspace-write high"] },
  "threads-fork": {
    prepare: replies("Tides.", "The tides of the sea.", "Ebb and flow, baby."),
    prints: ["Ebb and flow, baby.", "1"],
  },
  "threads-busy": {
    prepare: replies("The report.", "The summary."),
    prints: ["The report.", "The summary."],
  },
  "inputs-images": {
    prepare: ({ model }) =>
      model.respond((request) => [message(request.imageUrls().length === 2 ? "Yes." : "?")]),
    prints: ["Yes."],
  },
  "inputs-external": { prepare: replies("Ready.", "Spam."), prints: ["Spam."] },
};
