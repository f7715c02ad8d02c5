// A test of your own code on the real runtime, with a scripted model: no key, no network.
import assert from "node:assert/strict";

import type { Codex } from "@openai/codex";
import { startHarness } from "@openai/codex/testing";

// The code under test.
async function summarise(codex: Codex, text: string): Promise<string> {
  const thread = await codex.startThread({ ephemeral: true });
  const { finalResponse } = await thread.run(`Summarise in one line:\n${text}`);
  return finalResponse ?? "(no summary)";
}

await using harness = await startHarness();
harness.model.reply("A fox jumps.");

const summary = await summarise(harness.codex, "The quick brown fox jumps over the lazy dog.");

assert.equal(summary, "A fox jumps.");
assert.match(harness.model.requests[0]?.lastUserText() ?? "", /^Summarise in one line:\nThe quick/);
assert.equal(harness.model.unscripted.length, 0);
console.log("Test passed:", summary);
