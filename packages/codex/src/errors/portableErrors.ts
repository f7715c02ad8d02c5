import { CodexError } from "./codexError.js";

/** The thread cannot be exported: its rollout is not on this machine, is not complete, or belongs to another thread. */
export class ThreadNotPortableError extends CodexError {
  override name = "ThreadNotPortableError";
  /** Id of the thread. */
  readonly threadId: string;

  constructor(threadId: string, reason: string, options?: ErrorOptions) {
    super("THREAD_NOT_PORTABLE", `thread ${threadId} cannot be carried: ${reason}`, options);
    this.threadId = threadId;
  }
}

/** The home of the runtime has another version of the thread. Nothing was written. */
export class ThreadConflictError extends CodexError {
  override name = "ThreadConflictError";
  /** Id of the thread. */
  readonly threadId: string;

  constructor(threadId: string, path: string, options?: ErrorOptions) {
    super(
      "THREAD_CONFLICT",
      `thread ${threadId}: the home of the runtime has another version of ${path}, which is not overwritten; delete that thread there first (codex.deleteThread), or use another CODEX_HOME.`,
      options,
    );
    this.threadId = threadId;
  }
}

/** Another client runs the thread: it holds the lease in the thread store. Nothing was sent. */
export class ThreadLeasedError extends CodexError {
  override name = "ThreadLeasedError";
  /** Id of the thread. */
  readonly threadId: string;
  /** Name of the client that holds the lease. */
  readonly holder: string;
  /** End of the lease unless it is renewed, in milliseconds since 1970. */
  readonly expiresAtMs: number;

  constructor(threadId: string, holder: string, expiresAtMs: number) {
    super(
      "THREAD_LEASED",
      `thread ${threadId} is leased by ${holder}; unload it or close the client there, or try again after the end of the lease.`,
    );
    this.threadId = threadId;
    this.holder = holder;
    this.expiresAtMs = expiresAtMs;
  }
}

/**
 * The lease of the thread was lost while this client had it open: another client may run the thread by now.
 * A turn that ran was interrupted, and was not saved.
 */
export class ThreadLeaseLostError extends CodexError {
  override name = "ThreadLeaseLostError";
  /** Id of the thread. */
  readonly threadId: string;

  constructor(threadId: string, reason: string, options?: ErrorOptions) {
    super(
      "THREAD_LEASE_LOST",
      `the lease of thread ${threadId} was lost: ${reason}; the next turn takes a new lease, and continues from what another client has stored meanwhile.`,
      options,
    );
    this.threadId = threadId;
  }
}

/** An operation of the thread store failed, took too long, or returned what its contract does not allow. */
export class ThreadStoreError extends CodexError {
  override name = "ThreadStoreError";
  /** Id of the thread. */
  readonly threadId: string;
  /** Name of the operation. */
  readonly operation: string;

  constructor(threadId: string, operation: string, reason: string, options?: ErrorOptions) {
    super(
      "THREAD_STORE_FAILED",
      `threadStore.${operation} failed for thread ${threadId}: ${reason}`,
      options,
    );
    this.threadId = threadId;
    this.operation = operation;
  }
}
