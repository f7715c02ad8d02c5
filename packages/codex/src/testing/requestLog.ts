import { CodexError } from "../errors.js";

interface Waiter {
  readonly count: number;
  resolve(): void;
  reject(reason: unknown): void;
}

/** Number of characters of bodies that a log keeps, beside the newest request. */
const MAX_BODY_CHARACTERS = 64 * 1024 * 1024;

/** The newest requests of one kind, the count of all of them, and the callers that wait for more. */
export class RequestLog<Request extends { readonly body: string }> {
  readonly #maxKept: number;
  readonly #requests: Request[] = [];
  readonly #waiters = new Set<Waiter>();
  #bodyCharacters = 0;
  #count = 0;
  #isClosed = false;

  constructor(maxKept: number) {
    this.#maxKept = maxKept;
  }

  /** The newest requests, in the order in which they came. */
  get requests(): readonly Request[] {
    return this.#requests;
  }

  /** The number of all requests, those included that are not kept any more. */
  get count(): number {
    return this.#count;
  }

  add(request: Request): void {
    this.#count += 1;
    this.#requests.push(request);
    this.#bodyCharacters += request.body.length;
    this.#dropOldest();
    for (const waiter of this.#waiters) if (this.#count >= waiter.count) waiter.resolve();
  }

  async wait(count: number, signal: AbortSignal | undefined): Promise<readonly Request[]> {
    signal?.throwIfAborted();
    if (this.#count >= count) return [...this.#requests];
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

  #dropOldest(): void {
    while (
      this.#requests.length > 1 &&
      (this.#requests.length > this.#maxKept || this.#bodyCharacters > MAX_BODY_CHARACTERS)
    ) {
      this.#bodyCharacters -= this.#requests.shift()?.body.length ?? 0;
    }
  }

  #closedError(count: number): CodexError {
    return new CodexError(
      "CLOSED",
      `Waited for ${count} model requests, but the scripted model was closed after ${this.#count}.`,
    );
  }
}
