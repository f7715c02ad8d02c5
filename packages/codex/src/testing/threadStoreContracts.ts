import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type { ThreadLease, ThreadStore } from "../api/portable/threadStore.js";
import { checkFunction } from "../internal/validate.js";
import { type Harness, startHarness } from "./harness.js";
import { message } from "./steps/messageSteps.js";

/** A contract of `ThreadStore`, to be run by any test runner. */
export interface ThreadStoreContract {
  /** Name of the contract, as the title of a test. */
  readonly name: string;
  /** Runs the contract on stores of its own. Rejects with an `AssertionError` when it is broken. */
  run(): Promise<void>;
}

/** A lease that does not end during a contract, in milliseconds. */
const LONG_MS = 60_000;
/** A lease that ends during a contract, in milliseconds. */
const SHORT_MS = 20;

type Contract = (open: () => Promise<ThreadStore>, threadId: string) => Promise<void>;

const CONTRACTS: Readonly<Record<string, Contract>> = {
  "load of a thread that is not stored is undefined": async (open, id) => {
    assert.equal(await (await open()).load(id), undefined);
  },
  "the first save expects revision 0 and makes revision 1": async (open, id) => {
    const store = await open();
    const saved = await store.save(await leaseOf(store, id), "one", 0);
    assert.deepEqual(saved, { status: "saved", revision: 1 });
  },
  "load returns what was saved last, with its revision": async (open, id) => {
    const store = await open();
    const lease = await leaseOf(store, id);
    await store.save(lease, "one", 0);
    await store.save(lease, "two", 1);
    assert.deepEqual(await store.load(id), { data: "two", revision: 2 });
  },
  "another client of the store sees what was saved": async (open, id) => {
    const [one, other] = [await open(), await open()];
    await one.save(await leaseOf(one, id), "one", 0);
    assert.deepEqual(await other.load(id), { data: "one", revision: 1 });
  },
  "text comes back as it was, of any language and length": async (open, id) => {
    const store = await open();
    const data = `${JSON.stringify({ text: "ä € 𝄞 \u0000 \n \\ \" ' $1 %s" })}${"x".repeat(2 ** 20)}`;
    await store.save(await leaseOf(store, id), data, 0);
    assert.equal((await store.load(id))?.data, data);
  },
  "threads do not touch each other": async (open, id) => {
    const store = await open();
    const other = `${id}-other`;
    await store.save(await leaseOf(store, id), "one", 0);
    await store.save(await leaseOf(store, other), "other", 0);
    assert.equal((await store.load(id))?.data, "one");
    assert.equal((await store.load(other))?.data, "other");
  },
  "a save that expects another revision is stale and changes nothing": async (open, id) => {
    const store = await open();
    const lease = await leaseOf(store, id);
    await store.save(lease, "one", 0);
    assert.deepEqual(await store.save(lease, "two", 0), { status: "stale" });
    assert.deepEqual(await store.save(lease, "two", 2), { status: "stale" });
    assert.deepEqual(await store.load(id), { data: "one", revision: 1 });
  },
  "of many saves at the same time with one revision, one is saved": async (open, id) => {
    const store = await open();
    const lease = await leaseOf(store, id);
    const saves = Array.from({ length: 8 }, (_, index) => store.save(lease, `${index}`, 0));
    const outcomes = await Promise.all(saves);
    const winners = outcomes.flatMap(({ status }, index) => (status === "saved" ? [index] : []));
    assert.equal(winners.length, 1);
    assert.deepEqual(await store.load(id), { data: `${winners[0]}`, revision: 1 });
  },
  "a lease excludes a second one, which learns its holder and its end": async (open, id) => {
    const store = await open();
    await leaseOf(store, id, "first");
    const outcome = await store.acquireLease(id, { holder: "second", ttlMs: LONG_MS });
    assert.equal(outcome.status, "held");
    assert.equal(outcome.holder, "first");
    assert.ok(outcome.expiresAtMs > Date.now());
  },
  "a lease excludes a second one of the same holder": async (open, id) => {
    const store = await open();
    await leaseOf(store, id, "same");
    const outcome = await store.acquireLease(id, { holder: "same", ttlMs: LONG_MS });
    assert.equal(outcome.status, "held");
  },
  "of many clients that ask for a lease at the same time, one gets it": async (open, id) => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => open()));
    const asked = stores.map((store, index) =>
      store.acquireLease(id, { holder: `${index}`, ttlMs: LONG_MS }),
    );
    const outcomes = await Promise.all(asked);
    assert.equal(outcomes.filter(({ status }) => status === "acquired").length, 1);
  },
  "a released lease is free at once, for the next token": async (open, id) => {
    const store = await open();
    const first = await leaseOf(store, id);
    await store.releaseLease(first);
    const second = await leaseOf(store, id);
    assert.ok(second.token > first.token);
  },
  "an expired lease is free, for the next token": async (open, id) => {
    const store = await open();
    const first = await leaseOf(store, id, "killed", SHORT_MS);
    const second = await eventualLeaseOf(store, id);
    assert.ok(second.token > first.token);
  },
  "a renewed lease lasts longer": async (open, id) => {
    const store = await open();
    const first = await leaseOf(store, id, "first", SHORT_MS);
    if (!(await store.renewLease(first, LONG_MS))) return;
    await sleep(SHORT_MS * 2);
    const outcome = await store.acquireLease(id, { holder: "second", ttlMs: LONG_MS });
    assert.equal(outcome.status, "held");
  },
  "a lease that another one has followed cannot be renewed": async (open, id) => {
    const store = await open();
    const first = await leaseOf(store, id, "killed", SHORT_MS);
    await eventualLeaseOf(store, id);
    assert.equal(await store.renewLease(first, LONG_MS), false);
  },
  "a released lease cannot be renewed": async (open, id) => {
    const store = await open();
    const lease = await leaseOf(store, id);
    await store.releaseLease(lease);
    assert.equal(await store.renewLease(lease, LONG_MS), false);
  },
  "releasing an old lease leaves the one that has followed": async (open, id) => {
    const store = await open();
    const first = await leaseOf(store, id, "killed", SHORT_MS);
    const second = await eventualLeaseOf(store, id);
    await store.releaseLease(first);
    assert.equal(await store.renewLease(second, LONG_MS), true);
  },
  "a save by a lease that another one has followed is fenced and changes nothing": async (
    open,
    id,
  ) => {
    const store = await open();
    const first = await leaseOf(store, id, "killed", SHORT_MS);
    const second = await eventualLeaseOf(store, id);
    await store.save(second, "second", 0);
    assert.deepEqual(await store.save(first, "first", 1), { status: "fenced" });
    assert.deepEqual(await store.load(id), { data: "second", revision: 1 });
  },
  "a save by a released lease is fenced": async (open, id) => {
    const store = await open();
    const lease = await leaseOf(store, id);
    await store.releaseLease(lease);
    assert.deepEqual(await store.save(lease, "one", 0), { status: "fenced" });
    assert.equal(await store.load(id), undefined);
  },
  "a deleted thread is gone, and can be saved anew": async (open, id) => {
    const store = await open();
    const lease = await leaseOf(store, id);
    await store.save(lease, "one", 0);
    assert.equal(await store.delete(lease), true);
    assert.equal(await store.load(id), undefined);
    assert.equal((await store.save(lease, "two", 0)).status, "saved");
  },
  "a lease that another one has followed cannot delete": async (open, id) => {
    const store = await open();
    const first = await leaseOf(store, id, "killed", SHORT_MS);
    const second = await eventualLeaseOf(store, id);
    await store.save(second, "second", 0);
    assert.equal(await store.delete(first), false);
    assert.equal((await store.load(id))?.data, "second");
  },
  "ids with characters of paths and patterns are ids like others": async (open, id) => {
    const store = await open();
    const ids = [`../${id}`, `${id}/*`, `${id}:ä`, `${id}\\..`];
    for (const one of ids) {
      // oxlint-disable-next-line no-await-in-loop
      await store.save(await leaseOf(store, one), one, 0);
    }
    const loaded = await Promise.all(ids.map((one) => store.load(one)));
    assert.deepEqual(
      loaded.map((stored) => stored?.data),
      ids,
    );
  },
  "a carried thread keeps its sandbox and its history in a home with another default": (open) =>
    withHarnesses(open, async (start) => {
      const first = await start();
      const thread = await first.codex.startThread({ sandbox: "workspace-write" });
      await thread.run("one");
      await first.close();
      const second = await start();
      const carried = second.codex.thread(thread.id);
      await carried.run("two");
      assert.equal(carried.settings?.sandbox, "workspace-write");
      assert.equal((await carried.listTurns()).data.length, 2);
    }),
  "a thread that a client has open cannot be opened by another one": (open) =>
    withHarnesses(open, async (start) => {
      const first = await start();
      const thread = await first.codex.startThread();
      await thread.run("one");
      const second = await start();
      await assert.rejects(second.codex.resumeThread(thread.id), { code: "THREAD_LEASED" });
      await first.close();
      assert.equal((await second.codex.resumeThread(thread.id)).id, thread.id);
    }),
};

/**
 * Returns the contracts that an implementation of `ThreadStore` has to fulfil, for any test runner. The last
 * two start the real runtime with a scripted model.
 *
 * @param createStore makes a client of the store that is tested. All of its clients share what is stored.
 *
 * @example
 * ```ts
 * for (const { name, run } of threadStoreContracts(() => fileThreadStore(folder))) {
 *   test(name, run);
 * }
 * ```
 *
 * @throws InvalidOptionError
 */
export function threadStoreContracts(
  createStore: () => ThreadStore | Promise<ThreadStore>,
): readonly ThreadStoreContract[] {
  checkFunction("createStore", createStore);
  const open = async () => createStore();
  return Object.entries(CONTRACTS).map(([name, contract]) => ({
    name,
    run: () => contract(open, `contract-${randomUUID()}`),
  }));
}

async function leaseOf(
  store: ThreadStore,
  threadId: string,
  holder = "holder",
  ttlMs = LONG_MS,
): Promise<ThreadLease> {
  const outcome = await store.acquireLease(threadId, { holder, ttlMs });
  assert.equal(outcome.status, "acquired");
  return outcome.lease;
}

/** Takes a lease once the one before it has expired. */
async function eventualLeaseOf(store: ThreadStore, threadId: string): Promise<ThreadLease> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const outcome = await store.acquireLease(threadId, { holder: "next", ttlMs: LONG_MS });
    if (outcome.status === "acquired") return outcome.lease;
    // oxlint-disable-next-line no-await-in-loop
    await sleep(SHORT_MS);
  }
}

/** Runs a contract with harnesses in whose homes a thread without a sandbox may do everything. */
async function withHarnesses(
  open: () => Promise<ThreadStore>,
  run: (start: () => Promise<Harness>) => Promise<void>,
): Promise<void> {
  const harnesses: Harness[] = [];
  try {
    await run(async () => {
      const harness = await startHarness({
        codex: { threadStore: await open() },
        config: { sandbox_mode: "danger-full-access" },
      });
      harnesses.push(harness);
      harness.model.respond(() => [message("ok")]);
      return harness;
    });
  } finally {
    await Promise.all(harnesses.map((harness) => harness.close()));
  }
}
