/**
 * Share of the request slots that a call may use: `control` calls (interrupt, steer) never wait,
 * `long` calls (running a command) leave slots free for the others.
 */
export type RequestPriority = "control" | "regular" | "long";

/** A request that waits to be sent, or for its response. */
export interface PendingRequest {
  readonly method: string;
  readonly priority: RequestPriority;
  /** Sends the request under its id. Called at most once. */
  send(id: number): void;
  settle(outcome: RequestOutcome): void;
  /** Releases what the request holds when its late response is not waited for any longer. */
  forget(): void;
}

export type RequestOutcome =
  | { readonly kind: "result"; readonly result: unknown }
  | { readonly kind: "error"; readonly error: Error };

/** Share of the slots that `long` calls leave to the others. */
const LONG_CALL_RESERVE = 1 / 4;

/** Most requests whose caller has left and whose response is still expected; the oldest is forgotten. */
const MAX_ABANDONED = 1024;

/**
 * Tracks pending requests: at most `maxInFlight` in flight beside the control calls, the rest in FIFO
 * queues. Performs no I/O.
 */
export class PendingRequests {
  readonly #maxInFlight: number;
  readonly #maxLong: number;
  // The app-server may send any id, so the maps are looked up by an unknown value.
  readonly #inFlight = new Map<unknown, PendingRequest>();
  // A late response may still have to be acted on. These hold no slot: one without a response would
  // block it for good.
  readonly #abandoned = new Map<unknown, PendingRequest>();
  readonly #queued = new Set<PendingRequest>();
  #inFlightCounted = 0;
  #inFlightLong = 0;
  #lastId = 0;

  constructor(maxInFlight: number) {
    this.#maxInFlight = maxInFlight;
    this.#maxLong = Math.max(1, maxInFlight - Math.floor(maxInFlight * LONG_CALL_RESERVE));
  }

  /** Number of requests that wait for a slot or a response. */
  get size(): number {
    return this.#queued.size + this.#inFlight.size;
  }

  /** Sizes of the maps, for tests. */
  inspect(): Readonly<Record<string, number>> {
    return {
      queuedRequests: this.#queued.size,
      inFlightRequests: this.#inFlight.size,
      abandonedRequests: this.#abandoned.size,
    };
  }

  add(request: PendingRequest): void {
    if (this.#hasSlot(request)) {
      this.#send(request);
      return;
    }
    this.#queued.add(request);
  }

  /**
   * Lets a request go whose caller has left: an unsent one is never sent, a sent one frees its slot.
   * Returns whether it was sent.
   */
  abandon(request: PendingRequest): boolean {
    if (this.#queued.delete(request)) return false;
    for (const [id, sent] of this.#inFlight) {
      if (sent !== request) continue;
      this.#removeInFlight(id, sent);
      this.#abandoned.set(id, request);
      this.#boundAbandoned();
      this.#sendQueued();
      return true;
    }
    return true;
  }

  /** Settles the request with this id; returns `false` for an unknown id (a second or unasked response). */
  settle(id: unknown, outcome: RequestOutcome): boolean {
    const request = this.#take(id);
    if (request === undefined) return false;
    request.settle(outcome);
    this.#sendQueued();
    return true;
  }

  /** Settles the request with this id with an error made for it; returns `false` for an unknown id. */
  fail(id: unknown, toError: (request: PendingRequest) => Error): boolean {
    const request = this.#take(id);
    if (request === undefined) return false;
    request.settle({ kind: "error", error: toError(request) });
    this.#sendQueued();
    return true;
  }

  /** Settles every request, each with an error of its own. */
  failAll(toError: (request: PendingRequest) => Error): void {
    const requests = [...this.#inFlight.values(), ...this.#abandoned.values(), ...this.#queued];
    this.#inFlight.clear();
    this.#abandoned.clear();
    this.#queued.clear();
    this.#inFlightCounted = 0;
    this.#inFlightLong = 0;
    for (const request of requests) request.settle({ kind: "error", error: toError(request) });
  }

  #take(id: unknown): PendingRequest | undefined {
    const sent = this.#inFlight.get(id);
    if (sent !== undefined) {
      this.#removeInFlight(id, sent);
      return sent;
    }
    const abandoned = this.#abandoned.get(id);
    this.#abandoned.delete(id);
    return abandoned;
  }

  #removeInFlight(id: unknown, { priority }: PendingRequest): void {
    this.#inFlight.delete(id);
    if (priority !== "control") this.#inFlightCounted -= 1;
    if (priority === "long") this.#inFlightLong -= 1;
  }

  #hasSlot({ priority }: PendingRequest): boolean {
    if (priority === "control") return true;
    if (this.#inFlightCounted >= this.#maxInFlight) return false;
    return priority === "regular" || this.#inFlightLong < this.#maxLong;
  }

  #sendQueued(): void {
    for (const request of this.#queued) {
      if (this.#inFlightCounted >= this.#maxInFlight) return;
      if (!this.#hasSlot(request)) continue;
      this.#queued.delete(request);
      this.#send(request);
    }
  }

  #send(request: PendingRequest): void {
    this.#lastId += 1;
    this.#inFlight.set(this.#lastId, request);
    if (request.priority !== "control") this.#inFlightCounted += 1;
    if (request.priority === "long") this.#inFlightLong += 1;
    request.send(this.#lastId);
  }

  #boundAbandoned(): void {
    if (this.#abandoned.size <= MAX_ABANDONED) return;
    for (const [id, oldest] of this.#abandoned) {
      this.#abandoned.delete(id);
      oldest.forget();
      return;
    }
  }
}
