/** A request that waits to be sent or answered. */
export interface PendingRequest {
  readonly method: string;
  /** Puts the request on the wire under the id that it was given. */
  send(id: number): void;
  settle(outcome: RequestOutcome): void;
}

export type RequestOutcome =
  | { readonly kind: "result"; readonly result: unknown }
  | { readonly kind: "error"; readonly error: Error };

/**
 * The books of the requests: at most `maxInFlight` wait for an answer, the others wait in order for
 * their turn. Does no input or output of its own.
 */
export class PendingRequests {
  readonly #maxInFlight: number;
  // Whatever the runtime names as an id may be looked up: only a number of ours is found.
  readonly #inFlight = new Map<unknown, PendingRequest>();
  // Their callers have left, but a late answer may still have to be acted on. They hold no place: an
  // answer that never comes would block it for good.
  readonly #abandoned = new Map<unknown, PendingRequest>();
  readonly #queued = new Set<PendingRequest>();
  #lastId = 0;

  constructor(maxInFlight: number) {
    this.#maxInFlight = maxInFlight;
  }

  add(request: PendingRequest): void {
    this.#queued.add(request);
    this.#sendNext();
  }

  /** The caller has left: an unsent request is never sent, a sent one gives its place to the next. Returns whether it was sent. */
  abandon(request: PendingRequest): boolean {
    if (this.#queued.delete(request)) return false;
    for (const [id, sent] of this.#inFlight) {
      if (sent !== request) continue;
      this.#inFlight.delete(id);
      this.#abandoned.set(id, request);
      this.#sendNext();
      return true;
    }
    return true;
  }

  /** Settles the request with this id; `false` if none waits for it (a late or unknown answer). */
  settle(id: unknown, outcome: RequestOutcome): boolean {
    const request = this.#find(id);
    if (request === undefined) return false;
    this.#inFlight.delete(id);
    this.#abandoned.delete(id);
    request.settle(outcome);
    this.#sendNext();
    return true;
  }

  /** Settles the request with this id with an error that is made for it; `false` if none waits. */
  fail(id: unknown, toError: (request: PendingRequest) => Error): boolean {
    const request = this.#find(id);
    if (request === undefined) return false;
    return this.settle(id, { kind: "error", error: toError(request) });
  }

  /** Settles every request, each with an error of its own. */
  failAll(toError: (request: PendingRequest) => Error): void {
    const requests = [...this.#inFlight.values(), ...this.#abandoned.values(), ...this.#queued];
    this.#inFlight.clear();
    this.#abandoned.clear();
    this.#queued.clear();
    for (const request of requests) request.settle({ kind: "error", error: toError(request) });
  }

  #find(id: unknown): PendingRequest | undefined {
    return this.#inFlight.get(id) ?? this.#abandoned.get(id);
  }

  #sendNext(): void {
    for (const request of this.#queued) {
      if (this.#inFlight.size >= this.#maxInFlight) return;
      this.#queued.delete(request);
      this.#lastId += 1;
      this.#inFlight.set(this.#lastId, request);
      request.send(this.#lastId);
    }
  }
}
