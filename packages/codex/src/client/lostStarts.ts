import { RequestOutcomeUnknownError } from "../errors.js";
import { raceAbort } from "../internal/abort.js";
import { createDeferred, type Deferred } from "../internal/deferred.js";
import { isObject } from "../internal/isObject.js";
import type { Observers } from "../router/observers.js";
import { threadIdOf, turnIdOf } from "../router/routingKeys.js";
import { bringsThreadToRest, ENDING_METHODS, endsThread } from "../router/threadEvents.js";
import type { NotificationMessage } from "../rpc/message.js";
import type { DispatchOptions } from "../rpc/requestOptions.js";

interface LostStart extends Deferred<unknown> {
  readonly threadId: string | undefined;
  readonly options: DispatchOptions;
  readonly cause: Error;
}

/** Returns the params of a `turn/start` with an id of the user's message, which the turn's item will have. */
export function withMessageId(params: unknown): unknown {
  if (!isObject(params) || typeof params["clientUserMessageId"] === "string") return params;
  return { ...params, clientUserMessageId: crypto.randomUUID() };
}

/**
 * Starts of turns whose response was lost with the connection. The thread shows that the runtime has
 * performed one: the turn has the id of the user's message, in what is stored or in what comes.
 */
export class LostStarts {
  readonly #observers: Observers;
  readonly #starts = new Map<string, LostStart>();
  #stopObserving = () => {};

  constructor(observers: Observers) {
    this.#observers = observers;
  }

  /** Number of starts whose outcome is not known yet. */
  get size(): number {
    return this.#starts.size;
  }

  /** Waits for the outcome of a start: its result, or a `RequestOutcomeUnknownError`. */
  wait(params: unknown, options: DispatchOptions, cause: Error): Promise<unknown> {
    const id = isObject(params) ? params["clientUserMessageId"] : undefined;
    const start = { ...createDeferred<unknown>(), threadId: threadIdOf(params), options, cause };
    if (typeof id !== "string") {
      fail(start);
      return start.promise;
    }
    if (this.#starts.size === 0) this.#observe();
    this.#starts.set(id, start);
    // A caller that leaves does not end the start: its turn is stopped once it is known.
    return raceAbort(start.promise, options.signal);
  }

  /** Settles the start of a turn that its thread has stored, in the tick in which the turn is read. */
  claim(turn: unknown): void {
    if (this.#starts.size === 0 || !isObject(turn) || !Array.isArray(turn["items"])) return;
    const items: readonly unknown[] = turn["items"];
    for (const item of items) this.#claimBy(item, turn);
  }

  /** Ends the waits that nothing can answer any longer: those of threads that are not selected. */
  failUnless(isFollowed: (threadId: string) => boolean): void {
    this.#failWhere(({ threadId }) => threadId === undefined || !isFollowed(threadId));
  }

  #observe(): void {
    const methods = ["item/started", "thread/status/changed", ...ENDING_METHODS];
    this.#stopObserving = this.#observers.add(methods, (message) => this.#note(message));
  }

  #note(message: NotificationMessage): void {
    const { method, params } = message;
    if (method === "item/started") {
      const item = isObject(params) ? params["item"] : undefined;
      this.#claimBy(item, { id: turnIdOf(params), items: [], status: "inProgress" });
    } else if (endsThread(message) || bringsThreadToRest(message)) {
      this.#failWhere((start) => start.threadId === threadIdOf(params));
    }
  }

  #claimBy(item: unknown, turn: Readonly<Record<string, unknown>>): void {
    if (!isObject(item) || item["type"] !== "userMessage") return;
    const { clientId } = item;
    const start = typeof clientId === "string" ? this.#starts.get(clientId) : undefined;
    if (typeof clientId !== "string" || start === undefined) return;
    this.#delete(clientId);
    const { onResult, onSettled, signal } = start.options;
    try {
      onResult?.({ turn }, { hasLeft: signal?.aborted === true });
      start.resolve({ turn });
    } catch (error) {
      start.reject(error);
    }
    onSettled?.();
  }

  #failWhere(isSelected: (start: LostStart) => boolean): void {
    for (const [id, start] of this.#starts) {
      if (!isSelected(start)) continue;
      this.#delete(id);
      fail(start);
    }
  }

  #delete(id: string): void {
    this.#starts.delete(id);
    if (this.#starts.size === 0) this.#stopObserving();
  }
}

function fail({ options, cause, reject }: LostStart): void {
  options.onSettled?.();
  reject(new RequestOutcomeUnknownError("turn/start", { cause }));
}
