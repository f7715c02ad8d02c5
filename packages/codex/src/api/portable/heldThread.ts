import { ThreadLeaseLostError } from "../../errors.js";
import { clearTimeout, setTimeout } from "../../internal/timers.js";
import type { StoreCalls } from "./storeCalls.js";
import type { ThreadLease } from "./threadStore.js";

/** The time in milliseconds. The module is loaded at the first call: an import of the SDK must not load it. */
const clock = () => process.getBuiltinModule("node:perf_hooks").performance.now();

/** Share of the time of a lease after which it is renewed. */
const RENEWAL_SHARE = 1 / 3;

/** A thread that this client may run: its lease, which is renewed until `end`, and its stored revision. */
export class HeldThread {
  readonly lease: ThreadLease;
  revision: number;
  /** The last save; rejects when it failed. */
  saved: Promise<void> = Promise.resolve();
  /** True in the tick in which the end of a turn was seen. */
  hasJustEnded = false;
  readonly lostListeners = new Set<(error: ThreadLeaseLostError) => void>();
  readonly #calls: StoreCalls;
  readonly #leaseMs: number;
  readonly #onLost: (error: ThreadLeaseLostError) => void;
  #deadline: number;
  #timer: NodeJS.Timeout | undefined;
  #hasEnded = false;

  constructor(
    lease: ThreadLease,
    revision: number,
    calls: StoreCalls,
    leaseMs: number,
    onLost: (error: ThreadLeaseLostError) => void,
  ) {
    this.lease = lease;
    this.revision = revision;
    this.#calls = calls;
    this.#leaseMs = leaseMs;
    this.#onLost = onLost;
    this.#deadline = clock() + leaseMs;
    this.#schedule();
  }

  /** Stops the renewal. */
  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
  }

  /** Ends the lease because another client may have it. */
  lose(reason: string, cause?: unknown): ThreadLeaseLostError {
    const error = new ThreadLeaseLostError(this.lease.threadId, reason, { cause });
    if (!this.#hasEnded) {
      this.end();
      this.#onLost(error);
    }
    return error;
  }

  #schedule(): void {
    if (this.#hasEnded) return;
    // A lease does not keep the host process alive; without a host it expires.
    this.#timer = setTimeout(() => void this.#renew(), this.#leaseMs * RENEWAL_SHARE).unref();
  }

  async #renew(): Promise<void> {
    const deadline = clock() + this.#leaseMs;
    try {
      if (await this.#calls.renew(this.lease)) this.#deadline = deadline;
      else this.lose("another client has taken it, or it was released");
    } catch (error) {
      // The store may be back before the lease ends.
      if (clock() >= this.#deadline) this.lose("the store did not renew it in time", error);
    }
    this.#schedule();
  }
}
