import { CodexError } from "../errors.js";
import type { ModelRequest } from "./modelRequest.js";

interface Waiter {
  readonly count: number;
  resolve(): void;
  reject(reason: unknown): void;
}

/** The requests so far, and those who wait for more of them. */
export class RequestLog {
  readonly #requests: ModelRequest[] = [];
  readonly #waiters = new Set<Waiter>();
  #isClosed = false;

  get requests(): readonly ModelRequest[] {
    return this.#requests;
  }

  add(request: ModelRequest): void {
    this.#requests.push(request);
    for (const waiter of this.#waiters) {
      if (this.#requests.length >= waiter.count) waiter.resolve();
    }
  }

  async wait(count: number, signal: AbortSignal | undefined): Promise<readonly ModelRequest[]> {
    signal?.throwIfAborted();
    if (this.#requests.length >= count) return [...this.#requests];
    if (this.#isClosed) throw this.#closedError(count);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener("abort", onAbort);
      };
      const waiter: Waiter = {
        count,
        resolve: () => {
          leave();
          resolve([...this.#requests]);
        },
        reject: (reason) => {
          leave();
          reject(reason);
        },
      };
      const onAbort = () => waiter.reject(signal?.reason);
      this.#waiters.add(waiter);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const waiter of this.#waiters) waiter.reject(this.#closedError(waiter.count));
  }

  #closedError(count: number): CodexError {
    return new CodexError(
      "CLOSED",
      `Waited for ${count} model requests, but the scripted model was closed after ${this.#requests.length}.`,
    );
  }
}
