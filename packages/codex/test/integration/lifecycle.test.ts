import { describe, expect, it } from "vitest";

import { CODEX_VERSION, InvalidOptionError, InvalidRequestError } from "../../src/index.js";
import { agentMessage, commandExecution, userMessage } from "../support/expectedItems.js";
import { requestAt } from "../support/modelRequests.js";
import { message, shellCall, startHarness, usage } from "../support/testingKit.js";
import { tokens } from "../support/tokens.js";

const missingThreadId = "00000000-0000-7000-8000-000000000000";

describe("the client", () => {
  it("names itself, the runtime and its home after the start", async () => {
    await using harness = await startHarness();

    const thread = await harness.codex.startThread();

    expect(harness.codex.metadata).toEqual({
      userAgent: expect.stringContaining(`codex_typescript_sdk/${CODEX_VERSION} (`),
      serverInfo: { name: "codex_typescript_sdk", version: CODEX_VERSION },
      pinnedVersion: CODEX_VERSION,
      codexHome: harness.codexHome,
      platformFamily: expect.any(String),
      platformOs: expect.any(String),
    });
    expect(thread.id).toMatch(/^[0-9a-f-]{36}$/u);
  });

  it("lists the models, the hidden ones on demand", async () => {
    await using harness = await startHarness();

    const [shown, all] = [
      await harness.codex.models(),
      await harness.codex.models({ includeHidden: true }),
    ];

    expect(shown.data.every(({ hidden }) => !hidden)).toBe(true);
    expect(shown.data.filter(({ isDefault }) => isDefault)).toHaveLength(1);
    expect(all.data.length).toBeGreaterThan(shown.data.length);
  });
});

describe("a thread", () => {
  it("takes a name, which is read and listed", async () => {
    await using harness = await startHarness();
    harness.model.reply("Hello.");
    const thread = await harness.codex.startThread();
    await thread.run("Hello");

    await thread.setName("My thread");

    expect((await thread.read()).thread).toMatchObject({ id: thread.id, name: "My thread" });
    const { data } = await harness.codex.listThreads();
    expect(data.map(({ id, name }) => [id, name])).toEqual([[thread.id, "My thread"]]);
  });

  it("refuses an empty name", async () => {
    await using harness = await startHarness();
    const thread = await harness.codex.startThread();

    await expect(thread.setName(" ")).rejects.toBeInstanceOf(InvalidOptionError);
  });

  it("is read without its turns, and with them on demand", async () => {
    await using harness = await startHarness();
    harness.model.enqueue(shellCall("echo hi", {}, { callId: "call_1" })).reply("One.");
    harness.model.reply("Two.");
    const thread = await harness.codex.startThread();
    const first = await thread.run("one");
    const second = await thread.run("two");

    const [bare, whole] = [await thread.read(), await thread.read({ includeTurns: true })];

    expect(bare.thread).toMatchObject({ id: thread.id, preview: "one", turns: [] });
    expect(whole.thread.turns.map(({ id, status, items }) => ({ id, status, items }))).toEqual([
      {
        id: first.id,
        status: "completed",
        items: [
          userMessage("one"),
          commandExecution({ id: "call_1", command: "echo hi", output: "hi\n" }),
          agentMessage("One."),
        ],
      },
      { id: second.id, status: "completed", items: [userMessage("two"), agentMessage("Two.")] },
    ]);
  });

  it("pages through its turns and its items", async () => {
    await using harness = await startHarness();
    harness.model.respond((request) => [message(`Re: ${request.lastUserText() ?? ""}`)]);
    const thread = await harness.codex.startThread();
    const ids = [
      (await thread.run("one")).id,
      (await thread.run("two")).id,
      (await thread.run("three")).id,
    ];

    const newest = await thread.listTurns({ limit: 2 });
    const oldest = await thread.listTurns({ limit: 2, cursor: newest.nextCursor });
    const items = await thread.listItems({ turnId: ids[1] });

    expect(newest.data.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(oldest.data.map(({ id }) => id)).toEqual([ids[0]]);
    expect(oldest.nextCursor).toBeNull();
    expect(items.data.map(({ turnId, item }) => ({ turnId, item }))).toEqual([
      { turnId: ids[1], item: userMessage("two") },
      { turnId: ids[1], item: agentMessage("Re: two") },
    ]);
  });

  it("is compacted by a turn of its own, and continues from the summary", async () => {
    await using harness = await startHarness();
    harness.model.enqueue(message("Long talk."), usage({ inputTokens: 30, outputTokens: 3 }));
    harness.model.enqueue(message("SUMMARY-7"), usage({ inputTokens: 100, outputTokens: 50 }));
    harness.model.reply("Going on.");
    const thread = await harness.codex.startThread();
    await thread.run("Talk long");

    const result = await thread.compact();

    expect(result).toMatchObject({
      status: "completed",
      finalResponse: null,
      items: [{ type: "contextCompaction" }],
      turnUsage: tokens(100, 0, 50, 0),
    });
    expect(harness.model.requests).toHaveLength(2);
    expect(requestAt(harness.model, 1).userTexts()).toContain("Talk long");
    expect((await thread.run("Go on")).finalResponse).toBe("Going on.");
    const texts = requestAt(harness.model, 2).userTexts();
    expect(texts.some((text) => text.includes("SUMMARY-7"))).toBe(true);
  });

  it("counts the compaction of a thread without a turn, too", async () => {
    await using harness = await startHarness();
    harness.model.enqueue(message("Nothing."), usage({ inputTokens: 100, outputTokens: 50 }));
    const thread = await harness.codex.startThread();

    expect((await thread.compact()).turnUsage).toEqual(tokens(100, 0, 50, 0));
  });

  it("loses a turn and all after it by revert", async () => {
    await using harness = await startHarness();
    harness.model.respond((request) => [message(`Re: ${request.lastUserText() ?? ""}`)]);
    const thread = await harness.codex.startThread();
    const first = await thread.run("one");
    const second = await thread.run("two");
    await thread.run("three");

    await thread.revert(second.id);

    const { data } = await thread.listTurns();
    expect(data.map(({ id }) => id)).toEqual([first.id]);
    await thread.run("four");
    expect(requestAt(harness.model, -1).messageTexts("assistant")).toEqual(["Re: one"]);
  });
});

describe("resumeThread", () => {
  it("continues with the history in another runtime, once the first one has ended", async () => {
    await using harness = await startHarness();
    harness.model.reply("Noted.").reply("Blue.");
    const thread = await harness.codex.startThread();
    await thread.run("My colour is blue.");
    await harness.codex.close();
    await using second = await startHarness({ codex: { env: { CODEX_HOME: harness.codexHome } } });

    const resumed = await second.codex.resumeThread(thread.id);
    const result = await resumed.run("Which colour?");

    expect({ id: resumed.id, finalResponse: result.finalResponse }).toEqual({
      id: thread.id,
      finalResponse: "Blue.",
    });
    expect(requestAt(harness.model, -1).messageTexts("assistant")).toEqual(["Noted."]);
  });

  it("is refused for a thread that is not there", async () => {
    await using harness = await startHarness();

    await expect(harness.codex.resumeThread(missingThreadId)).rejects.toMatchObject({
      name: "ThreadNotFoundError",
      method: "thread/resume",
      message: expect.stringContaining(missingThreadId),
    });
  });
});

describe("forkThread", () => {
  it("makes a thread of its own with the history, and leaves the source as it was", async () => {
    await using harness = await startHarness();
    harness.model.respond((request) => [message(`Re: ${request.lastUserText() ?? ""}`)]);
    const source = await harness.codex.startThread();
    await source.run("one");

    const [byCodex, byThread] = [await harness.codex.forkThread(source.id), await source.fork()];
    await byCodex.run("two");

    expect(new Set([source.id, byCodex.id, byThread.id]).size).toBe(3);
    expect(requestAt(harness.model, -1).messageTexts("assistant")).toEqual(["Re: one"]);
    expect((await byThread.read()).thread.forkedFromId).toBe(source.id);
    expect((await source.listTurns()).data).toHaveLength(1);
    expect((await byCodex.listTurns()).data).toHaveLength(2);
  });
});

describe("archiveThread, unarchiveThread and deleteThread", () => {
  it("put a thread away and bring it back", async () => {
    await using harness = await startHarness();
    harness.model.reply("Kept.").reply("Back.");
    const thread = await harness.codex.startThread();
    await thread.run("Keep this");
    const listed = async (archived: boolean) =>
      (await harness.codex.listThreads({ archived })).data.map(({ id }) => id);

    await thread.archive();
    expect([await listed(false), await listed(true)]).toEqual([[], [thread.id]]);
    await expect(harness.codex.resumeThread(thread.id)).rejects.toBeInstanceOf(InvalidRequestError);

    const back = await harness.codex.unarchiveThread(thread.id);
    expect([await listed(false), await listed(true)]).toEqual([[thread.id], []]);
    expect(back.id).toBe(thread.id);
    const resumed = await harness.codex.resumeThread(thread.id);
    expect((await resumed.run("Are you back?")).finalResponse).toBe("Back.");
  });

  it("delete a thread for good, but not one that a fork builds on", async () => {
    await using harness = await startHarness();
    harness.model.reply("One.").reply("Two.");
    const source = await harness.codex.startThread();
    await source.run("one");
    const fork = await source.fork();
    await fork.run("two");

    await expect(harness.codex.deleteThread(source.id)).rejects.toBeInstanceOf(InvalidRequestError);
    await harness.codex.deleteThread(fork.id);

    await expect(harness.codex.resumeThread(fork.id)).rejects.toBeInstanceOf(InvalidRequestError);
    const { data } = await harness.codex.listThreads();
    expect(data.map(({ id }) => id)).toEqual([source.id]);
  });
});
