import { describe, expect, it } from "vitest";

import { message } from "../../src/testing/index.js";
import { requestAt } from "../support/modelRequests.js";
import { startRecordedHarness } from "../support/recordedHarness.js";
import { secondClient } from "../support/secondClient.js";

async function startReplying() {
  const harness = await startRecordedHarness({ config: { thread_unload_delay_secs: 1 } });
  harness.model.respond(() => [message("ok")]);
  return harness;
}

describe("codex.thread(id)", () => {
  it("sends nothing, and reads a stored thread without resuming it", async () => {
    await using harness = await startReplying();
    const source = await harness.codex.startThread();
    await source.run("one");
    await harness.codex.close();

    await using other = secondClient(harness);
    const thread = other.thread(source.id);
    const { data } = await thread.listTurns();
    await thread.setName("a name");

    expect(data).toHaveLength(1);
    expect((await thread.read()).thread).toMatchObject({
      name: "a name",
      status: { type: "notLoaded" },
    });
    expect(thread.settings).toBeUndefined();
  });

  it("resumes the thread for its first turn in another process, and only once", async () => {
    await using harness = await startReplying();
    const source = await harness.codex.startThread();
    await source.run("one");
    await harness.codex.close();

    await using other = secondClient(harness);
    const thread = other.thread(source.id);
    const first = await thread.run("two");
    const second = await thread.run("three");

    expect([first.finalResponse, second.finalResponse]).toEqual(["ok", "ok"]);
    expect(requestAt(harness.model, 2).userTexts()).toEqual(
      expect.arrayContaining(["one", "two", "three"]),
    );
    expect(thread.settings?.model).toBe("mock-model");
  });

  it("shares one resume between calls at the same time", async () => {
    await using harness = await startReplying();
    const source = await harness.codex.startThread();
    await source.run("one");
    await harness.codex.client.request("thread/unsubscribe", { threadId: source.id });

    const runs = ["a", "b", "c"].map((input) =>
      harness.codex.thread(source.id).run(input, { whenBusy: "queue" }),
    );
    await Promise.all(runs);

    expect(harness.sent("thread/resume")).toHaveLength(1);
  });

  it("resumes again after the thread was unsubscribed by the low-level client", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread();
    await thread.run("one");

    await harness.codex.client.request("thread/unsubscribe", { threadId: thread.id });
    const result = await thread.run("two");

    expect(result.finalResponse).toBe("ok");
    expect(harness.sent("thread/resume")).toHaveLength(1);
  });

  it("resumes for a compaction, an injection and settings", async () => {
    await using harness = await startReplying();
    const source = await harness.codex.startThread();
    await source.run("one");
    const leave = () => harness.codex.client.request("thread/unsubscribe", { threadId: source.id });
    const thread = harness.codex.thread(source.id);

    await leave();
    await thread.compact();
    await leave();
    await thread.inject([
      { type: "message", role: "developer", content: [{ type: "input_text", text: "Be brief." }] },
    ]);
    await leave();
    await thread.updateSettings({ effort: "low" });

    expect(harness.sent("thread/resume")).toHaveLength(3);
  });

  it.each(["thread.review", "codex.review"])("resumes for %s", async (method) => {
    await using harness = await startReplying();
    const source = await harness.codex.startThread();
    await source.run("one");
    await harness.codex.client.request("thread/unsubscribe", { threadId: source.id });
    const options = { target: { type: "custom", instructions: "look" } } as const;

    const review =
      method === "thread.review"
        ? await harness.codex.thread(source.id).review(options)
        : await harness.codex.review(source.id, options);

    expect((await review.result).status).toBe("completed");
    expect(harness.sent("thread/resume")).toHaveLength(1);
  });

  it("runs after a review, although the runtime reports its thread as active", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread();
    await thread.run("one");
    const options = { target: { type: "custom", instructions: "look" } } as const;

    await (
      await thread.review(options)
    ).result;
    await harness.codex.client.request("thread/unsubscribe", { threadId: thread.id });
    const result = await thread.run("two");

    expect(result.finalResponse).toBe("ok");
  });

  it("rejects for a thread that does not exist, and may be used again", async () => {
    await using harness = await startReplying();
    const thread = harness.codex.thread("019a0000-0000-7000-8000-000000000000");

    await expect(thread.run("x")).rejects.toMatchObject({ code: "THREAD_NOT_FOUND" });
    await expect(thread.run("x")).rejects.toMatchObject({ code: "THREAD_NOT_FOUND" });
  });

  it("ends only the wait of a caller whose signal aborts while the thread is resumed", async () => {
    await using harness = await startReplying();
    const source = await harness.codex.startThread();
    await source.run("one");
    await harness.codex.client.request("thread/unsubscribe", { threadId: source.id });
    const thread = harness.codex.thread(source.id);
    const reason = new Error("left");
    const controller = new AbortController();

    const left = thread.run("two", { signal: controller.signal });
    const stays = thread.run("three");
    controller.abort(reason);

    await expect(left).rejects.toBe(reason);
    expect((await stays).finalResponse).toBe("ok");
  });
});

describe("unloading and archiving", () => {
  it("unload waits until the runtime has unloaded the thread, whose next turn resumes it", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread();
    await thread.run("one");

    await thread.unload();

    const { data } = await harness.codex.client.request("thread/loaded/list", {});
    expect(data).not.toContain(thread.id);
    expect(thread.settings).toBeUndefined();
    expect((await thread.run("two")).finalResponse).toBe("ok");
  });

  it("unload of a thread that is not loaded resolves at once", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread();
    await thread.run("one");
    await thread.unload();

    await thread.unload();

    expect(harness.sent("thread/unsubscribe")).toHaveLength(2);
  });

  it("unload of a thread with an active turn is refused, and the turn continues", async () => {
    await using harness = await startRecordedHarness();
    const gate = harness.model.gate();
    harness.model.enqueue(gate, message("done"));
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("one");

    await expect(thread.unload()).rejects.toMatchObject({ code: "THREAD_BUSY" });
    gate.open();

    expect((await turn.result).finalResponse).toBe("done");
    expect(harness.sent("thread/unsubscribe")).toEqual([]);
  });

  it("unload ends with its timeout while the runtime keeps the thread", async () => {
    await using harness = await startRecordedHarness();
    harness.model.respond(() => [message("ok")]);
    const thread = await harness.codex.startThread();
    await thread.run("one");

    await expect(thread.unload({ timeoutMs: 50 })).rejects.toMatchObject({
      code: "REQUEST_TIMEOUT",
    });
    expect((await thread.run("two")).finalResponse).toBe("ok");
  });

  it("unarchive brings the thread back, and the next turn resumes it", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread();
    await thread.run("one");

    await thread.archive();
    await thread.unarchive();
    expect((await thread.run("two")).finalResponse).toBe("ok");

    await harness.codex.archiveThread(thread.id);
    const again = await harness.codex.unarchiveThread(thread.id);
    expect((await again.run("three")).finalResponse).toBe("ok");
  });
});
