import {
  CodexClosedError,
  ThreadLeasedError,
  type ThreadLeaseLostError,
  ThreadStoreError,
} from "../../errors.js";
import { raceAbort } from "../../internal/abort.js";
import { setBounded } from "../../internal/boundedMap.js";
import type { KeyedQueue } from "../../internal/keyedQueue.js";
import { clearTimeout, setTimeout } from "../../internal/timers.js";
import { threadIdOf } from "../../router/routingKeys.js";
import { ENDING_METHODS } from "../../router/threadEvents.js";
import type { SettingsServices } from "../settings/settingsServices.js";
import { HeldThread } from "./heldThread.js";
import { StoreCalls } from "./storeCalls.js";
import type { ThreadManifest } from "./threadBundle.js";
import type { ThreadLease, ThreadStore } from "./threadStore.js";

const DEFAULT_LEASE_MS = 30_000;
/** Number of threads whose state beside their lease is remembered. The oldest is dropped first. */
const MAX_NOTED = 10_000;

/** Options of `ThreadKeeper.use`. */
interface UseOptions {
  /** Working directory that the caller asked for. */
  readonly cwd: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Returns whether the thread is open in this client. */
  readonly isKept: () => boolean;
}

/** Services that the keeper needs. */
interface KeeperServices extends SettingsServices {
  readonly updates: KeyedQueue;
}

/**
 * Keeps threads in a thread store: takes the lease of a thread and loads it before it is resumed, saves it
 * after each turn, and ends the lease with the thread.
 */
export class ThreadKeeper {
  readonly #services: KeeperServices;
  readonly #calls: StoreCalls;
  readonly #leaseMs: number;
  readonly #holder: string;
  readonly #held = new Map<string, HeldThread>();
  readonly #opening = new Map<string, Promise<void>>();
  /** Threads that are not stored: ephemeral ones. */
  readonly #exempt = new Map<string, true>();
  /** Threads whose lease was lost here, with the revision that this home has built on. */
  readonly #lost = new Map<string, number>();
  /** Name and goal of threads that were put into this home and are not resumed yet. */
  readonly #toRestore = new Map<string, ThreadManifest>();
  readonly #releases = new Set<Promise<void>>();
  #isClosed = false;

  constructor(services: KeeperServices, store: ThreadStore, leaseMs = DEFAULT_LEASE_MS) {
    this.#services = services;
    this.#leaseMs = leaseMs;
    this.#calls = new StoreCalls(store, leaseMs, services.runtime.secrets);
    const { randomUUID } = process.getBuiltinModule("node:crypto");
    const { hostname } = process.getBuiltinModule("node:os");
    this.#holder = `${hostname()}/${process.pid}/${randomUUID()}`;
    const { observers } = services.runtime.router;
    observers.add(["turn/completed"], ({ params }) => this.#noteTurnEnd(threadIdOf(params) ?? ""));
    observers.add(ENDING_METHODS, ({ method, params }) => {
      this.#noteThreadEnd(threadIdOf(params) ?? "", method === "thread/deleted");
    });
    const { gauges } = services.runtime;
    gauges.set("heldThreads", () => this.#held.size);
    gauges.set("threadsToHold", () => this.#opening.size + this.#toRestore.size);
    gauges.set("exemptThreads", () => this.#exempt.size);
    gauges.set("lostThreads", () => this.#lost.size);
    gauges.set("leasesToRelease", () => this.#releases.size);
    // Without a runtime nothing runs here any longer.
    void services.runtime.closed.then(() => {
      this.#isClosed = true;
      return this.#releaseAll();
    });
  }

  /** Returns whether this client may run the thread. */
  holds(threadId: string): boolean {
    return this.#held.has(threadId) || this.#exempt.has(threadId);
  }

  /**
   * Takes the lease of a thread and puts what is stored into the home, before the thread is resumed.
   *
   * @throws ThreadLeasedError, ThreadStoreError, ThreadConflictError.
   */
  open(threadId: string, cwd: string | undefined, signal: AbortSignal | undefined): Promise<void> {
    if (this.holds(threadId)) return Promise.resolve();
    const opening = this.#opening.get(threadId) ?? this.#startOpening(threadId, cwd);
    return raceAbort(opening, signal);
  }

  /** Runs a task on a thread as `open` leaves it, and ends the lease unless `isKept` is true after that. */
  async use<T>(
    threadId: string,
    { cwd, signal, isKept }: UseOptions,
    task: () => Promise<T>,
  ): Promise<T> {
    await this.open(threadId, cwd, signal);
    try {
      return await task();
    } finally {
      const held = this.#held.get(threadId);
      if (held !== undefined && !isKept()) await this.#release(held);
    }
  }

  /** Restores what a resume does not, of a thread that was put into this home. */
  async restore(threadId: string, signal: AbortSignal | undefined): Promise<void> {
    const manifest = this.#toRestore.get(threadId);
    if (manifest === undefined) return;
    const { restoreFacts } = await import("./carrying.js");
    await restoreFacts(this.#services, manifest, signal);
    this.#toRestore.delete(threadId);
  }

  /** Takes the lease of a thread that was started here. */
  async adopt(threadId: string, isEphemeral: boolean): Promise<void> {
    if (isEphemeral) setBounded(this.#exempt, threadId, true, MAX_NOTED);
    else this.#hold(await this.#acquire(threadId), 0);
  }

  /**
   * Saves a thread at the end of a turn, unless that was begun in this tick; settles with the save.
   *
   * @throws ThreadLeaseLostError, ThreadStoreError, or what kept the thread from being read.
   */
  stored(threadId: string): Promise<void> {
    const held = this.#held.get(threadId);
    if (held === undefined) return Promise.resolve();
    if (!held.hasJustEnded) this.#save(held);
    return held.saved;
  }

  /** Calls `listener` when the lease of a thread is lost; returns a function that removes it. */
  onLost(threadId: string, listener: (error: ThreadLeaseLostError) => void): () => void {
    const listeners = this.#held.get(threadId)?.lostListeners;
    listeners?.add(listener);
    return () => listeners?.delete(listener);
  }

  /** Deletes a thread here by `send`, then in the store. Takes its lease, and gives it up. */
  async delete<T>(threadId: string, send: () => Promise<T>): Promise<T> {
    const held = this.#held.get(threadId);
    if (held === undefined) return send();
    await held.saved.catch(() => {});
    held.end();
    this.#held.delete(threadId);
    try {
      const response = await send();
      if (await this.#calls.delete(held.lease)) return response;
      throw new ThreadStoreError(threadId, "delete", "the lease was not accepted");
    } finally {
      // A lease that cannot be released expires.
      await this.#calls.release(held.lease).catch(() => {});
    }
  }

  /** Resolves once the leases of the threads that have ended are released. */
  async released(): Promise<void> {
    await Promise.allSettled(this.#releases);
  }

  /** Closes a client behind the saves that are under way, and ends the leases then. */
  async closeAround(client: { close(): Promise<void> }): Promise<void> {
    await this.#within(Promise.allSettled(Array.from(this.#held.values(), ({ saved }) => saved)));
    await client.close();
    await this.#releaseAll();
  }

  /** Ends all leases. The runtime must have ended before: it could continue a turn. */
  async #releaseAll(): Promise<void> {
    const releases = Array.from(this.#held.values(), (held) => this.#release(held));
    await this.#within(Promise.allSettled([...releases, ...this.#releases]));
  }

  #startOpening(threadId: string, cwd: string | undefined): Promise<void> {
    const opening = this.#bring(threadId, cwd).finally(() => this.#opening.delete(threadId));
    // Its callers may have left.
    opening.catch(() => {});
    this.#opening.set(threadId, opening);
    return opening;
  }

  async #bring(threadId: string, cwd: string | undefined): Promise<void> {
    const lease = await this.#acquire(threadId);
    try {
      const stored = await this.#calls.load(threadId);
      if (stored !== undefined) {
        const lostAt = this.#lost.get(threadId);
        const isOutdated = lostAt !== undefined && lostAt !== stored.revision;
        const { bringStored } = await import("./carrying.js");
        const isNew = await bringStored(this.#services, stored.bundle, { cwd, isOutdated });
        if (isNew) setBounded(this.#toRestore, threadId, stored.bundle.manifest, MAX_NOTED);
      }
      this.#lost.delete(threadId);
      this.#hold(lease, stored?.revision ?? 0);
    } catch (error) {
      await this.#calls.release(lease).catch(() => {});
      throw error;
    }
  }

  async #acquire(threadId: string): Promise<ThreadLease> {
    const outcome = await this.#calls.acquire(threadId, this.#holder);
    if (outcome.status === "acquired") return outcome.lease;
    throw new ThreadLeasedError(threadId, outcome.holder, outcome.expiresAtMs);
  }

  #hold(lease: ThreadLease, revision: number): void {
    const { threadId } = lease;
    // Closed meanwhile: nobody else would end the lease.
    if (this.#isClosed) {
      void this.#calls.release(lease).catch(() => {});
      throw new CodexClosedError(`thread ${threadId}`);
    }
    const held = new HeldThread(lease, revision, this.#calls, this.#leaseMs, (error) => {
      if (this.#held.get(threadId) === held) this.#held.delete(threadId);
      setBounded(this.#lost, threadId, held.revision, MAX_NOTED);
      this.#stop(held, error);
    });
    this.#held.set(threadId, held);
  }

  /** Interrupts what runs on a thread that another client may run by now. */
  #stop({ lease, lostListeners }: HeldThread, error: ThreadLeaseLostError): void {
    const { threadId } = lease;
    const turnId = this.#services.runtime.router.threads.occupantOf(threadId)?.turnId;
    const listeners = [...lostListeners];
    lostListeners.clear();
    for (const listener of listeners) listener(error);
    // A turn that nobody follows has no listener.
    if (listeners.length === 0 && typeof turnId === "string") {
      this.#services.runtime.cleanUp("turn/interrupt", { threadId, turnId });
    }
  }

  #noteTurnEnd(threadId: string): void {
    const held = this.#held.get(threadId);
    if (held === undefined) return;
    this.#save(held);
    held.hasJustEnded = true;
    queueMicrotask(() => {
      held.hasJustEnded = false;
    });
  }

  #noteThreadEnd(threadId: string, isDeleted: boolean): void {
    this.#exempt.delete(threadId);
    this.#toRestore.delete(threadId);
    if (isDeleted) this.#lost.delete(threadId);
    const held = this.#held.get(threadId);
    if (held === undefined) return;
    const release = this.#release(held).finally(() => this.#releases.delete(release));
    this.#releases.add(release);
  }

  /** Saves a thread. The next turn of this client starts when that has ended. */
  #save(held: HeldThread): void {
    const { threadId } = held.lease;
    held.saved = this.#services.updates.run(threadId, async () => {
      const { collectBundle } = await import("./carrying.js");
      const bundle = await collectBundle(this.#services, threadId, { isCut: true });
      const outcome = await this.#calls.save(held.lease, JSON.stringify(bundle), held.revision);
      if (outcome.status === "saved") held.revision = outcome.revision;
      else throw held.lose(`the store has refused a save (${outcome.status})`);
    });
    held.saved.catch(() => {});
  }

  async #release(held: HeldThread): Promise<void> {
    await held.saved.catch(() => {});
    held.end();
    if (this.#held.get(held.lease.threadId) === held) this.#held.delete(held.lease.threadId);
    // A lease that cannot be released expires.
    await this.#calls.release(held.lease).catch(() => {});
  }

  /** Waits at most as long as a lease lasts. */
  async #within(work: Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.#leaseMs);
    });
    await Promise.race([work, limit]);
    clearTimeout(timer);
  }
}
