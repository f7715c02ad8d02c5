import {
  RequestOutcomeUnknownError,
  RequestTimeoutError,
  TransportClosedError,
} from "../errors.js";
import { onAbort, raceAbort } from "../internal/abort.js";
import type { SecretMasker } from "../internal/secrets.js";
import { clearTimeout, setTimeout } from "../internal/timers.js";
import type { Observers } from "../router/observers.js";
import type { Connection } from "../rpc/connection.js";
import type { DispatchOptions } from "../rpc/requestOptions.js";
import { addSecretsOf } from "./clientSecrets.js";
import { LostStarts, withMessageId } from "./lostStarts.js";
import { isRepeatable } from "./repeatableRequests.js";
import { priorityOf } from "./requestPriority.js";
import type { SessionHolder } from "./sessionHolder.js";
import type { ThreadStates } from "./threadStates.js";
import { sendRequest } from "./tracedConnection.js";

/** Parts of a client that its requests use. */
export interface RequestParts {
  readonly session: SessionHolder;
  readonly secrets: SecretMasker;
  readonly threadStates: ThreadStates;
  readonly observers: Observers;
  /** True if a connection that was lost is replaced. */
  readonly isLasting: boolean;
  /** Returns whether another connection takes the place of this one, which has ended. */
  isReplaced(connection: Connection): boolean;
  /** Called when a request is sent or waits, and when that ends. */
  onChange(): void;
}

/** End of one attempt to send a request. */
type Attempt =
  | { readonly kind: "answered"; readonly result: unknown }
  /** The connection ended before the response. */
  | { readonly kind: "lost"; readonly wasSent: boolean; readonly error: TransportClosedError };

/** Sends the requests of a client, the first of which starts the runtime. */
export class Requests {
  /** Turn starts whose response was lost with a connection. */
  readonly lostStarts: LostStarts;
  readonly #parts: RequestParts;
  #waiting = 0;

  constructor(parts: RequestParts) {
    this.#parts = parts;
    this.lostStarts = new LostStarts(parts.observers);
  }

  /** Number of requests that wait for a connection. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Sends a request; `onResult` runs in the tick in which the response is read. */
  async dispatch(method: string, params: unknown, options: DispatchOptions): Promise<unknown> {
    const { session, secrets, isLasting } = this.#parts;
    let connection: Connection;
    try {
      addSecretsOf(method, params, secrets);
      options.signal?.throwIfAborted();
      // The limit of a request does not include the start of the runtime.
      connection = session.isReplacing
        ? await this.#nextConnection(method, options, options.timeoutMs)
        : (await raceAbort(session.get(), options.signal)).connection;
    } catch (error) {
      options.onSettled?.();
      throw error;
    }
    return isLasting
      ? this.#sendUntilAnswered(connection, method, params, options)
      : this.sendOn(connection, method, params, options);
  }

  /** Sends a request over this connection. */
  sendOn(
    connection: Connection,
    method: string,
    params: unknown,
    options: DispatchOptions,
  ): Promise<unknown> {
    const { threadStates, onChange } = this.#parts;
    threadStates.noteRequest(method, params);
    const response = sendRequest(connection, method, params, {
      priority: priorityOf(method),
      ...options,
      onResult: (result, caller) => {
        threadStates.noteResponse(method, params, result);
        options.onResult?.(result, caller);
      },
    });
    onChange();
    // Also when the caller leaves: a request that nobody waits for does not hold the host.
    response.then(onChange, onChange);
    return response;
  }

  /**
   * Sends a request over the next connection when this one is lost: one that was not sent, or that may be
   * sent twice. Nobody knows whether another one was performed, except for the start of a turn, which
   * its thread shows.
   */
  async #sendUntilAnswered(
    first: Connection,
    method: string,
    given: unknown,
    options: DispatchOptions,
  ): Promise<unknown> {
    const isStart = method === "turn/start";
    const params = isStart ? withMessageId(given) : given;
    const sentAt = performance.now();
    let connection = first;
    let rest = options;
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- each attempt follows the loss of the one before
      const attempt = await this.#attempt(connection, method, params, rest);
      if (attempt.kind === "answered") return attempt.result;
      if (attempt.wasSent && isStart) {
        return this.lostStarts.wait(params, options, attempt.error);
      }
      if (attempt.wasSent && !isRepeatable(method)) {
        options.onSettled?.();
        throw new RequestOutcomeUnknownError(method, { cause: attempt.error });
      }
      const { timeoutMs } = options;
      if (timeoutMs !== undefined) {
        const leftMs = Math.max(1, timeoutMs - (performance.now() - sentAt));
        rest = { ...options, timeoutMs: leftMs };
      }
      try {
        // oxlint-disable-next-line no-await-in-loop -- as above
        connection = await this.#nextConnection(method, rest, timeoutMs);
      } catch (error) {
        options.onSettled?.();
        throw error;
      }
    }
  }

  async #attempt(
    connection: Connection,
    method: string,
    params: unknown,
    options: DispatchOptions,
  ): Promise<Attempt> {
    let [wasSent, isLost, isOver] = [false, false, false];
    try {
      const result = await this.sendOn(connection, method, params, {
        ...options,
        onSent: () => {
          wasSent = true;
        },
        onSettled: () => {
          // A caller that has left gets no further attempt.
          if (!isOver && this.#parts.isReplaced(connection)) isLost = true;
          else options.onSettled?.();
        },
      });
      return { kind: "answered", result };
    } catch (error) {
      isOver = true;
      if (isLost && error instanceof TransportClosedError) return { kind: "lost", wasSent, error };
      if (isLost) options.onSettled?.();
      throw error;
    }
  }

  /** Waits for the connection that takes the place of a lost one; `timeoutMs` is the caller's whole limit. */
  async #nextConnection(
    method: string,
    { signal, timeoutMs: leftMs }: DispatchOptions,
    timeoutMs: number | undefined,
  ): Promise<Connection> {
    const limit = new AbortController();
    const stopListening = onAbort(signal, (reason) => limit.abort(reason));
    const timer =
      leftMs === undefined || timeoutMs === undefined
        ? undefined
        : setTimeout(() => limit.abort(new RequestTimeoutError(method, timeoutMs)), leftMs);
    this.#noteWaiting(1);
    try {
      return (await raceAbort(this.#parts.session.get(), limit.signal)).connection;
    } finally {
      this.#noteWaiting(-1);
      stopListening();
      clearTimeout(timer);
    }
  }

  #noteWaiting(change: number): void {
    this.#waiting += change;
    this.#parts.onChange();
  }
}
