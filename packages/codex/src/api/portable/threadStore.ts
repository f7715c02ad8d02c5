/** The right to run a thread, for a time. */
export interface ThreadLease {
  /** Thread that the lease is for. */
  readonly threadId: string;
  /** Name of the client that has the lease, for people. */
  readonly holder: string;
  /** Fencing token: a whole number, larger with each lease of the thread, never used twice. */
  readonly token: number;
}

/** A lease that was taken. */
export interface AcquiredLease {
  /** Discriminator of the outcomes. */
  readonly status: "acquired";
  /** The lease. */
  readonly lease: ThreadLease;
}

/** Refusal of a lease, because another one has not ended. */
export interface HeldLease {
  /** Discriminator of the outcomes. */
  readonly status: "held";
  /** Name of the client that has the lease. */
  readonly holder: string;
  /** End of the lease, in milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** Outcome of `ThreadStore.acquireLease`. */
export type LeaseOutcome = AcquiredLease | HeldLease;

/** A thread as it is stored. */
export interface StoredThreadData {
  /** The text that was saved. */
  readonly data: string;
  /** Number of the version: 1 for the first one, one more with each save. */
  readonly revision: number;
}

/** A thread that was saved. */
export interface SavedThread {
  /** Discriminator of the outcomes. */
  readonly status: "saved";
  /** Number of the new version. */
  readonly revision: number;
}

/** Refusal of a save: `stale` where the stored revision is not the expected one, `fenced` by the lease. */
export interface RefusedSave {
  /** Discriminator of the outcomes. */
  readonly status: "stale" | "fenced";
}

/** Outcome of `ThreadStore.save`. */
export type SaveOutcome = SavedThread | RefusedSave;

/**
 * A place for threads that outlasts homes and machines. Each operation is atomic for all processes that use
 * the store. What it rejects with reaches the caller as the cause of a `ThreadStoreError`.
 * `threadStoreContracts` of `@openai/codex/testing` tests an implementation.
 */
export interface ThreadStore {
  /** Returns the stored thread; `undefined` when there is none. Needs no lease. */
  load(threadId: string): Promise<StoredThreadData | undefined>;
  /**
   * Stores a text under the next revision, if the lease is the last one of its thread and was not released,
   * and the stored revision is `expectedRevision` (0: nothing is stored). A lease that has expired still
   * counts as long as nobody has taken another one.
   */
  save(lease: ThreadLease, data: string, expectedRevision: number): Promise<SaveOutcome>;
  /** Removes the stored thread under the same condition; returns whether the lease was valid for it. */
  delete(lease: ThreadLease): Promise<boolean>;
  /**
   * Takes the lease of a thread, which need not be stored, for `ttlMs` milliseconds, unless another one
   * has neither been released nor expired, by the clock of the store.
   */
  acquireLease(
    threadId: string,
    options: { readonly holder: string; readonly ttlMs: number },
  ): Promise<LeaseOutcome>;
  /** Extends a lease to `ttlMs` milliseconds from now; `false` when it was released, or is not the last one. */
  renewLease(lease: ThreadLease, ttlMs: number): Promise<boolean>;
  /** Ends a lease. Does nothing for one that is not the last one. */
  releaseLease(lease: ThreadLease): Promise<void>;
}
