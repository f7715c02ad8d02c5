import { describe, expect, it } from "vitest";

import { message, startHarness } from "../support/testingKit.js";

async function collect<Entry>(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const all: Entry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

describe("a thread", () => {
  it("iterates over all of its turns and items, each once, whatever the size of a page", async () => {
    await using harness = await startHarness();
    harness.model.respond(() => [message("ok")]);
    const thread = await harness.codex.startThread();
    const first = await thread.run("one");
    const second = await thread.run("two");

    const turns = await collect(thread.iterateTurns({ limit: 1, sortDirection: "asc" }));
    const entries = await collect(thread.iterateItems({ limit: 1, sortDirection: "asc" }));

    expect(turns.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(entries.map(({ item }) => item.type)).toEqual([
      "userMessage",
      "agentMessage",
      "userMessage",
      "agentMessage",
    ]);
  });

  it("shows injected items to the model in its next turn", async () => {
    await using harness = await startHarness();
    harness.model.reply("ok");
    const thread = await harness.codex.startThread();

    await thread.inject([
      {
        type: "message",
        role: "developer",
        content: [{ type: "input_text", text: "The code word is heron." }],
      },
    ]);
    await thread.run("What is the code word?");

    const [request] = await harness.model.waitForRequests(1);
    expect(JSON.stringify(request?.body)).toContain("The code word is heron.");
  });

  it("that was deleted is not found any more", async () => {
    await using harness = await startHarness();
    harness.model.reply("ok");
    const thread = await harness.codex.startThread();
    await thread.run("one");

    await thread.delete();

    expect((await harness.codex.listThreads()).data).toEqual([]);
    await expect(harness.codex.resumeThread(thread.id)).rejects.toMatchObject({
      code: "THREAD_NOT_FOUND",
    });
  });

  it("starts a review as a turn of its own", async () => {
    await using harness = await startHarness();
    harness.model.respond(() => [message("Nothing to report.")]);
    const thread = await harness.codex.startThread();

    const turn = await thread.review({ target: { type: "custom", instructions: "Look." } });

    expect((await turn.run()).status).toBe("completed");
  });
});
