import { describe, expect, it } from "vitest";

import { type CodexOptions, InvalidOptionError } from "../../src/index.js";
import { createDeferred } from "../../src/internal/deferred.js";
import { type Harness, message, startHarness } from "../../src/testing/index.js";
import { inspectorOf } from "../support/inspectorOf.js";
import { MemoryThreadStore } from "../support/memoryThreadStore.js";
import { rejectionOf } from "../support/rejection.js";

const OPEN_HOME = { sandbox_mode: "danger-full-access" };

async function startReplying(
  threadStore: MemoryThreadStore,
  options: CodexOptions = {},
): Promise<Harness> {
  const harness = await startHarness({ codex: { threadStore, ...options }, config: OPEN_HOME });
  harness.model.respond(() => [message("ok")]);
  return harness;
}

describe("a thread in a store", () => {
  it("is saved before the result of a turn is returned, and the next turn waits for that", async () => {
    const store = new MemoryThreadStore();
    await using harness = await startReplying(store);
    const thread = await harness.codex.startThread();
    const saving = createDeferred<void>();
    const isSaving = createDeferred<void>();
    store.before = async (operation) => {
      if (operation !== "save") return;
      isSaving.resolve();
      await saving.promise;
    };
    const seen: string[] = [];

    const first = thread.run("one").then(() => seen.push(`one: ${store.revisionOf(thread.id)}`));
    await isSaving.promise;
    const second = thread.run("two");
    await harness.codex.models();
    expect(harness.model.requestCount).toBe(1);
    saving.resolve();
    await Promise.all([first, second]);

    expect(seen).toEqual(["one: 1"]);
    expect(store.revisionOf(thread.id)).toBe(2);
  });

  it("moves between two homes, each of which continues from the other's last turn", async () => {
    const store = new MemoryThreadStore();
    await using first = await startReplying(store);
    await using second = await startReplying(store);
    const thread = await first.codex.startThread({ sandbox: "workspace-write", effort: "high" });
    await thread.run("one");
    await thread.setName("carried");
    await thread.run("two");
    await first.codex.close();

    const there = second.codex.thread(thread.id);
    await there.run("three");
    expect((await there.read()).thread.name).toBe("carried");
    await second.codex.close();
    await using back = await startReplying(store, { env: { CODEX_HOME: first.codexHome } });
    const again = back.codex.thread(thread.id);
    await again.run("four");

    const texts = first.model.requests.at(-1)?.userTexts() ?? [];
    expect(texts.slice(-4)).toEqual(["one", "two", "three", "four"]);
    expect((await again.listTurns()).data).toHaveLength(4);
    expect(again.settings).toMatchObject({ sandbox: "workspace-write", effort: "high" });
  });

  it("is forked from the store, with its sandbox, and deleted there with the thread", async () => {
    const store = new MemoryThreadStore();
    await using first = await startReplying(store);
    const thread = await first.codex.startThread({ sandbox: "workspace-write" });
    await thread.run("one");
    await first.codex.close();
    await using second = await startReplying(store);

    const fork = await second.codex.forkThread(thread.id);
    await fork.run("in the fork");
    expect(fork.settings?.sandbox).toBe("workspace-write");
    expect(store.revisionOf(fork.id)).toBe(1);
    await fork.delete();
    await second.codex.deleteThread(thread.id);

    expect([fork.id, thread.id].map((id) => store.revisionOf(id))).toEqual([0, 0]);
  });

  it("that is ephemeral is not stored", async () => {
    const store = new MemoryThreadStore();
    await using harness = await startReplying(store);
    const thread = await harness.codex.startThread({ ephemeral: true });

    await thread.run("one");

    expect(store.calls).toEqual([]);
  });

  it("whose home has turns that the store lacks, and the other way round, is refused", async () => {
    const [store, other] = [new MemoryThreadStore(), new MemoryThreadStore()];
    await using first = await startReplying(store);
    const thread = await first.codex.startThread();
    await thread.run("one");
    const bundle = await first.codex.exportThread(thread.id);
    await using second = await startReplying(other);
    await (await second.codex.importThread(bundle, { cwd: second.workspace })).run("there");
    await thread.run("here");
    await first.codex.close();
    await second.codex.close();
    await using both = await startReplying(store, { env: { CODEX_HOME: second.codexHome } });

    const error = await rejectionOf(both.codex.resumeThread(thread.id));

    expect(error).toMatchObject({ code: "THREAD_CONFLICT", threadId: thread.id });
    expect(store.calls.at(-1)).toBe("releaseLease");
  });
});

describe("a lease", () => {
  it("keeps another client from running the thread, until the first is closed", async () => {
    const store = new MemoryThreadStore();
    await using first = await startReplying(store);
    await using second = await startReplying(store);
    const thread = await first.codex.startThread();
    await thread.run("one");

    const error = await rejectionOf(second.codex.thread(thread.id).run("two"));
    await first.codex.close();
    await second.codex.thread(thread.id).run("two");

    expect(error).toMatchObject({ code: "THREAD_LEASED", threadId: thread.id });
    expect(Reflect.get(Object(error), "holder")).toContain(`/${process.pid}/`);
  });

  it("that is lost during a turn interrupts the turn, which rejects and is not saved", async () => {
    const store = new MemoryThreadStore();
    await using harness = await startReplying(store, { threadLeaseMs: 300 });
    const thread = await harness.codex.startThread();
    await thread.run("one");
    const gate = harness.model.gate();
    harness.model.respond(() => [gate, message("late")]);
    const turn = await thread.turn("two");
    await harness.model.waitForRequests(2);

    store.expire(thread.id);
    const error = await rejectionOf(turn.result);
    gate.open();
    const isFree = store.revisionOf(thread.id) === 1;
    harness.model.respond(() => [message("ok")]);
    const next = await thread.run("three");

    expect(error).toMatchObject({ code: "THREAD_LEASE_LOST", threadId: thread.id });
    expect(isFree).toBe(true);
    expect(next.finalResponse).toBe("ok");
    expect(store.revisionOf(thread.id)).toBeGreaterThan(1);
  });

  it("that another client has used makes the first continue from what that has stored", async () => {
    const store = new MemoryThreadStore();
    await using first = await startReplying(store);
    const thread = await first.codex.startThread();
    await thread.run("one");
    store.expire(thread.id);
    await using second = await startReplying(store);
    await second.codex.thread(thread.id).run("elsewhere");
    await second.codex.close();

    const error = await rejectionOf(thread.run("unsaved"));
    await thread.run("two");

    expect(error).toMatchObject({ code: "THREAD_LEASE_LOST" });
    const texts = first.model.requests.at(-1)?.userTexts() ?? [];
    expect(texts.slice(-3)).toEqual(["one", "elsewhere", "two"]);
  });
});

it("A thread that could not be opened, or was only forked, is not leased", async () => {
  const store = new MemoryThreadStore();
  await using first = await startReplying(store);
  const thread = await first.codex.startThread();
  await thread.run("one");
  await first.codex.close();
  await using second = await startReplying(store);
  const unknown = "01a22411-ac68-7070-b0ca-ebd72c2002c9";

  const error = await rejectionOf(second.codex.resumeThread(unknown));
  await second.codex.forkThread(thread.id);

  expect(error).toMatchObject({ code: "THREAD_NOT_FOUND" });
  const asked = [unknown, thread.id].map((id) =>
    store.acquireLease(id, { holder: "other", ttlMs: 1000 }),
  );
  const outcomes = await Promise.all(asked);
  expect(outcomes.map(({ status }) => status)).toEqual(["acquired", "acquired"]);
});

describe("a store that fails", () => {
  it.each(["acquireLease", "load", "save"] as const)(
    "in %s makes the call reject with THREAD_STORE_FAILED and the cause",
    async (operation) => {
      const store = new MemoryThreadStore();
      await using first = await startReplying(store);
      const thread = await first.codex.startThread();
      await thread.run("one");
      await first.codex.close();
      await using second = await startReplying(store);
      const cause = new Error("the disk is on fire");
      store.before = (name) => {
        if (name === operation) throw cause;
      };

      const error = await rejectionOf(second.codex.thread(thread.id).run("two"));

      expect(error).toMatchObject({ code: "THREAD_STORE_FAILED", operation, cause });
      store.before = () => {};
      await second.codex.thread(thread.id).run("three");
      expect(store.revisionOf(thread.id)).toBe(2);
    },
  );

  it("to return what its contract allows, or a usable bundle, is reported as such", async () => {
    const store = new MemoryThreadStore();
    await using harness = await startReplying(store);
    const id = "01a22411-ac68-7070-b0ca-ebd72c2002c9";
    const answers: unknown[] = [{ data: "{", revision: 1 }, { data: "{}", revision: 0 }, "text"];

    for (const answer of answers) {
      store.load = () => Promise.resolve(answer as never);
      // oxlint-disable-next-line no-await-in-loop
      const error = await rejectionOf(harness.codex.resumeThread(id));
      expect(error).toMatchObject({ code: "THREAD_STORE_FAILED", operation: "load" });
    }
  });

  it("to be a store is an InvalidOptionError that names the method", async () => {
    const store = { load: () => undefined };

    const make = () => startHarness({ codex: { threadStore: store as never } });

    const error = await rejectionOf(make());
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option: "threadStore" });
  });
});

it("The maps of threads in a store are empty once the threads have ended", async () => {
  const store = new MemoryThreadStore();
  await using harness = await startReplying(store);
  await harness.codex.start();
  const inspect = await inspectorOf(harness.codex);
  const ephemeral = await harness.codex.startThread({ ephemeral: true });
  const [archived, deleted] = [
    await harness.codex.startThread(),
    await harness.codex.startThread(),
  ];
  await Promise.all([archived, deleted].map((thread) => thread.run("one")));
  expect(inspect()).toMatchObject({ heldThreads: 2, exemptThreads: 1 });
  store.expire(deleted.id);
  await rejectionOf(deleted.run("lost"));
  expect(inspect()).toMatchObject({ heldThreads: 1, lostThreads: 1 });
  await deleted.run("again");

  await archived.archive();
  await deleted.delete();
  await harness.codex.client.request("thread/unsubscribe", { threadId: ephemeral.id });
  await harness.codex.close();

  expect(inspect()).toMatchObject({
    heldThreads: 0,
    threadsToHold: 0,
    lostThreads: 0,
    leasesToRelease: 0,
  });
});
