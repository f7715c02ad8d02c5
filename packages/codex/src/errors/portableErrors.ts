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
