import type { LeaseOutcome, StoredThreadData, ThreadLease, ThreadStore } from "../../src/index.js";

interface Entry {
  stored: StoredThreadData | undefined;
  token: number;
  holder: string;
  expiresAtMs: number;
}

/** A thread store in memory, whose operations a test can see, break and change from outside. */
export class MemoryThreadStore implements ThreadStore {
  /** Names of the operations, in order. */
  readonly calls: string[] = [];
  /** Called before each operation: what it throws the operation rejects with. */
  before: (operation: keyof ThreadStore) => void | Promise<void> = () => {};
  readonly #entries = new Map<string, Entry>();

  async load(threadId: string): Promise<StoredThreadData | undefined> {
    await this.#begin("load");
    return this.#entryOf(threadId).stored;
  }

  async save(lease: ThreadLease, data: string, expectedRevision: number) {
    await this.#begin("save");
    const entry = this.#entryOf(lease.threadId);
    if (!isCurrent(entry, lease)) return { status: "fenced" } as const;
    if ((entry.stored?.revision ?? 0) !== expectedRevision) return { status: "stale" } as const;
    const revision = expectedRevision + 1;
    entry.stored = { data, revision };
    return { status: "saved", revision } as const;
  }

  async delete(lease: ThreadLease): Promise<boolean> {
    await this.#begin("delete");
    const entry = this.#entryOf(lease.threadId);
    if (!isCurrent(entry, lease)) return false;
    entry.stored = undefined;
    return true;
  }

  async acquireLease(
    threadId: string,
    { holder, ttlMs }: { readonly holder: string; readonly ttlMs: number },
  ): Promise<LeaseOutcome> {
    await this.#begin("acquireLease");
    const entry = this.#entryOf(threadId);
    if (entry.expiresAtMs > Date.now()) {
      return { status: "held", holder: entry.holder, expiresAtMs: entry.expiresAtMs };
    }
    const token = entry.token + 1;
    Object.assign(entry, { token, holder, expiresAtMs: Date.now() + ttlMs });
    return { status: "acquired", lease: { threadId, holder, token } };
  }

  async renewLease(lease: ThreadLease, ttlMs: number): Promise<boolean> {
    await this.#begin("renewLease");
    const entry = this.#entryOf(lease.threadId);
    if (!isCurrent(entry, lease)) return false;
    entry.expiresAtMs = Date.now() + ttlMs;
    return true;
  }

  async releaseLease(lease: ThreadLease): Promise<void> {
    await this.#begin("releaseLease");
    const entry = this.#entryOf(lease.threadId);
    if (isCurrent(entry, lease)) entry.expiresAtMs = 0;
  }

  /** Ends a lease as if its holder had been silent for too long, so that another client can take it. */
  expire(threadId: string): void {
    const entry = this.#entryOf(threadId);
    entry.expiresAtMs = 0;
    entry.token += 1;
  }

  /** The revision that is stored; 0 without one. */
  revisionOf(threadId: string): number {
    return this.#entryOf(threadId).stored?.revision ?? 0;
  }

  async #begin(operation: keyof ThreadStore): Promise<void> {
    this.calls.push(operation);
    await this.before(operation);
  }

  #entryOf(threadId: string): Entry {
    const entry = this.#entries.get(threadId) ?? {
      stored: undefined,
      token: 0,
      holder: "",
      expiresAtMs: 0,
    };
    this.#entries.set(threadId, entry);
    return entry;
  }
}

function isCurrent({ token, expiresAtMs }: Entry, lease: ThreadLease): boolean {
  return token === lease.token && expiresAtMs > 0;
}
