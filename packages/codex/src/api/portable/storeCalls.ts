import { CodexError, ThreadStoreError } from "../../errors.js";
import { isObject } from "../../internal/isObject.js";
import type { SecretMasker } from "../../internal/secrets.js";
import { clearTimeout, setTimeout } from "../../internal/timers.js";
import { describeValue } from "../../internal/validate.js";
import type { ThreadBundle } from "./threadBundle.js";
import type { LeaseOutcome, SaveOutcome, ThreadLease, ThreadStore } from "./threadStore.js";

/** A stored thread that was checked. */
export interface StoredBundle {
  readonly bundle: ThreadBundle;
  readonly revision: number;
}

/**
 * Calls a thread store, which the application has written: what it returns is checked, what it throws becomes
 * a `ThreadStoreError`, and it is not waited for longer than a lease lasts.
 */
export class StoreCalls {
  readonly #store: ThreadStore;
  readonly #leaseMs: number;
  readonly #secrets: SecretMasker;

  /** The messages of a store get their secrets masked by `secrets`: they often have its address. */
  constructor(store: ThreadStore, leaseMs: number, secrets: SecretMasker) {
    this.#store = store;
    this.#leaseMs = leaseMs;
    this.#secrets = secrets;
  }

  async load(threadId: string): Promise<StoredBundle | undefined> {
    const stored: unknown = await this.#call(threadId, "load", (store) => store.load(threadId));
    if (stored === undefined || stored === null) return undefined;
    const { data, revision } = isObject(stored) ? stored : {};
    if (typeof data !== "string" || !isCount(revision))
      throw this.#malformed(threadId, "load", stored);
    const bundle = await readBundle(threadId, data);
    if (bundle.manifest.threadId === threadId) return { bundle, revision };
    throw new ThreadStoreError(threadId, "load", "what is stored is another thread");
  }

  async save(lease: ThreadLease, data: string, expectedRevision: number): Promise<SaveOutcome> {
    const { threadId } = lease;
    const outcome: unknown = await this.#call(threadId, "save", (store) =>
      store.save(lease, data, expectedRevision),
    );
    const { status, revision } = isObject(outcome) ? outcome : {};
    if (status === "stale" || status === "fenced") return { status };
    if (status === "saved" && isCount(revision)) return { status, revision };
    throw this.#malformed(threadId, "save", outcome);
  }

  async delete(lease: ThreadLease): Promise<boolean> {
    return (await this.#call(lease.threadId, "delete", (store) => store.delete(lease))) === true;
  }

  async acquire(threadId: string, holder: string): Promise<LeaseOutcome> {
    const options = { holder, ttlMs: this.#leaseMs };
    const outcome: unknown = await this.#call(
      threadId,
      "acquireLease",
      (store) => store.acquireLease(threadId, options),
      // A lease that comes too late would be held by nobody.
      (late) => {
        if (isObject(late) && late["status"] === "acquired")
          void this.#store.releaseLease(late["lease"] as ThreadLease).catch(() => {});
      },
    );
    const { status, lease, holder: other, expiresAtMs } = isObject(outcome) ? outcome : {};
    if (status === "held" && typeof other === "string" && typeof expiresAtMs === "number") {
      return { status, holder: other, expiresAtMs };
    }
    if (status === "acquired" && isObject(lease) && isCount(lease["token"])) {
      return { status, lease: { threadId, holder, token: lease["token"] } };
    }
    throw this.#malformed(threadId, "acquireLease", outcome);
  }

  async renew(lease: ThreadLease): Promise<boolean> {
    const ttlMs = this.#leaseMs;
    const call = (store: ThreadStore) => store.renewLease(lease, ttlMs);
    return (await this.#call(lease.threadId, "renewLease", call)) === true;
  }

  async release(lease: ThreadLease): Promise<void> {
    await this.#call(lease.threadId, "releaseLease", (store) => store.releaseLease(lease));
  }

  #call<T>(
    threadId: string,
    operation: keyof ThreadStore,
    call: (store: ThreadStore) => Promise<T>,
    onLate: (value: T) => void = () => {},
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        const reason = `it did not answer within ${this.#leaseMs} ms (threadLeaseMs)`;
        reject(new ThreadStoreError(threadId, operation, reason));
      }, this.#leaseMs);
      const running = (async () => call(this.#store))();
      running.then(
        (value) => {
          clearTimeout(timer);
          if (isLate) onLate(value);
          else resolve(value);
        },
        (cause: unknown) => {
          clearTimeout(timer);
          const text = cause instanceof Error ? cause.message : describeValue(cause);
          const reason = this.#secrets.mask(text);
          reject(
            cause instanceof CodexError
              ? cause
              : new ThreadStoreError(threadId, operation, reason, { cause }),
          );
        },
      );
    });
  }

  #malformed(threadId: string, operation: string, value: unknown): ThreadStoreError {
    const reason = `it returned ${describeValue(value)}, which its contract does not allow`;
    return new ThreadStoreError(threadId, operation, reason);
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

async function readBundle(threadId: string, data: string): Promise<ThreadBundle> {
  const { toCheckedBundle } = await import("./carrying.js");
  try {
    return toCheckedBundle(JSON.parse(data));
  } catch (cause) {
    const reason = `what is stored is not a usable bundle (${String(cause)})`;
    throw new ThreadStoreError(threadId, "load", reason, { cause });
  }
}
