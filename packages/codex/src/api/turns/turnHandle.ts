import type { ServerNotification } from "@openai/codex-types";

import { toNotificationStream } from "../../client/notificationStream.js";
import type { RuntimeClient } from "../../client/runtimeClient.js";
import { type CodexError, TurnAlreadyConsumedError, TurnTimeoutError } from "../../errors.js";
import type { TurnResult } from "../../errors/turnResult.js";
import { onAbort } from "../../internal/abort.js";
import { createDeferred } from "../../internal/deferred.js";
import type { TurnEnd, TurnReader, TurnRoute } from "../../router/turnRoute.js";
import { type RequestOptions, toRequestOptions } from "../../rpc/requestOptions.js";
import { watchEnvironments } from "../environments/watchEnvironments.js";
import { type RunInput, toWireInput } from "../input.js";
import { namesSkills, type SkillFolder, withKnownSkills } from "../knownSkills.js";
import { maskIssues } from "../output/maskIssues.js";
import type { PreparedOutput } from "../output/outputSchema.js";
import { checkRequestOptions } from "../readOptions.js";
import { type TimeLimit, waitWithin } from "../timeLimit.js";
import { abandonTurn, interruptTurn } from "./interruptTurn.js";
import { toTurnEndError, turnFactsOf } from "./turnFacts.js";
import { toTurnResult } from "./turnResult.js";
import { watchIdle } from "./watchIdle.js";

/** Parts of a turn handle. */
export interface TurnHandleParts<Output> {
  readonly runtime: RuntimeClient;
  readonly route: TurnRoute;
  readonly output: PreparedOutput<Output>;
  /** Queue of the handle's own events; `undefined` where only the result is wanted. */
  readonly reader: TurnReader | undefined;
  /** Folder of the turn's skills; `undefined` when they are not known. */
  readonly skillFolder?: SkillFolder | undefined;
  readonly idleTimeoutMs?: number | undefined;
  /** Signal and time limit of the wait for the turn, which the handle ends. */
  readonly limit?: TimeLimit | undefined;
  /** Store of the turn's thread; `undefined` without one. */
  readonly keeping?: TurnKeeping | undefined;
  /** Control of the turn by the handle's signal and timeout. Defaults to interrupting the turn. */
  readonly control?: TurnControl | undefined;
}

/** Store of threads, as the handle of a turn needs it. */
export interface TurnKeeping {
  /** Saves the thread at the end of a turn. */
  stored(threadId: string): Promise<void>;
  /** Calls `listener` when another client may run the thread; returns a function that removes it. */
  onLost(threadId: string, listener: (error: CodexError) => void): () => void;
}

/** Control of what a handle shows as its turn. */
export interface TurnControl {
  /** Reads the thread again, and ends the route if its turn has ended there. Must not reject. */
  recover(timeoutMs: number): Promise<unknown>;
  /** Stops the turn when the caller leaves. Must not reject. */
  stop(): void;
}

/**
 * Handle of a turn that runs on the runtime. `stream()` and `result` are independent of each other and
 * of other handles of the same turn. Made by `Thread.turn` and `review`.
 */
export class TurnHandle<Output = undefined> {
  readonly #parts: TurnHandleParts<Output>;
  readonly #result = createDeferred<TurnResult>();
  #output: Promise<TurnResult<Output>> | undefined;
  #isStreamed = false;

  /** @internal */
  constructor(parts: TurnHandleParts<Output>) {
    this.#parts = parts;
    const { runtime, route, limit, idleTimeoutMs, control = controlOf(runtime, route) } = parts;
    let stopWatching = () => {};
    const stopListening = onAbort(limit?.signal, (reason) => {
      stopWatching();
      control.stop();
      this.#reportAbandoned();
      this.#leave(reason === limit?.reason ? this.#toTimeoutError() : reason);
    });
    if (route.end === undefined) {
      const watched = { runtime, route, ...control };
      const leave = (error: unknown) => {
        stopWatching();
        stopListening();
        this.#leave(error);
      };
      const ends = [watchEnvironments(watched, leave)];
      if (idleTimeoutMs !== undefined) ends.push(watchIdle(watched, idleTimeoutMs, leave));
      stopWatching = () => ends.forEach((end) => end());
    }
    const stopKeeping = parts.keeping?.onLost(route.threadId, (error) => {
      stopListening();
      stopWatching();
      control.stop();
      this.#leave(error);
    });
    route.onEnd((end) => {
      stopListening();
      stopWatching();
      stopKeeping?.();
      limit?.end();
      this.#settle(end);
    });
  }

  /** The turn's id. */
  get id(): string {
    return this.#parts.route.id;
  }

  /** The id of the thread that the turn belongs to. */
  get threadId(): string {
    return this.#parts.route.threadId;
  }

  /**
   * The result of the turn, available beside `stream()`; the same promise as `run()`. An interrupted
   * turn resolves, with that status. Unused, it causes no unhandled rejection.
   *
   * Rejects with a `TurnFailedError` when the turn fails; an `OutputValidationError` when the final
   * response does not fit the output schema; a `TransportClosedError`, `TurnIncompleteError`,
   * `TurnTimeoutError` or the signal's reason when the turn is cut short.
   */
  get result(): Promise<TurnResult<Output>> {
    if (this.#output === undefined) {
      const { output, runtime } = this.#parts;
      this.#output = this.#result.promise
        .then((result) => output.complete(result))
        .catch((error: unknown) => {
          throw maskIssues(error, runtime.secrets);
        });
      this.#output.catch(() => {});
    }
    return this.#output;
  }

  /**
   * Iterates over this turn's notifications, in order; ends after its `turn/completed`, also when the
   * turn has failed (see `result`). Events from before the call are kept. Leaving the loop early frees
   * what is not read; the turn continues on the runtime, see `interrupt`.
   *
   * @example
   * ```ts
   * for await (const event of turn.stream()) {
   *   if (event.method === "item/completed") console.log(event.params.item.type);
   * }
   * ```
   *
   * @throws TurnAlreadyConsumedError on the second call; TransportClosedError, TurnIncompleteError,
   * TurnTimeoutError or the signal's reason when the events are cut short.
   */
  stream(): AsyncIterableIterator<ServerNotification> {
    const { reader } = this.#parts;
    if (this.#isStreamed || reader === undefined) throw new TurnAlreadyConsumedError(this.id);
    this.#isStreamed = true;
    return toNotificationStream(reader);
  }

  /** Waits for the turn's end and returns its result: the same promise as `result`. */
  run(): Promise<TurnResult<Output>> {
    return this.result;
  }

  /**
   * Adds input to the turn while it runs (`turn/steer`); the model's current message is cut off.
   *
   * @example
   * ```ts
   * await turn.steer("Only the files of this week.");
   * ```
   *
   * @throws InvalidRequestError when the turn is no longer active; InvalidOptionError before anything
   * is sent.
   */
  async steer(input: RunInput, options?: RequestOptions): Promise<void> {
    const { runtime, route, skillFolder } = this.#parts;
    const wireInput = toWireInput(input, { isLocal: runtime.connector.isLocal });
    checkRequestOptions("steer", options);
    const { threadId, interruptId: expectedTurnId } = route;
    await waitWithin("turn/steer", toRequestOptions(options), async (signal) => {
      const items = namesSkills(wireInput)
        ? await withKnownSkills(runtime, wireInput, skillFolder, signal)
        : wireInput;
      const params = { threadId, expectedTurnId, input: items };
      await runtime.dispatch("turn/steer", params, { signal });
    });
  }

  /**
   * Interrupts the turn (`turn/interrupt`). Waits until the runtime accepts it, so that an interrupt
   * right after the start is not lost; does nothing once the turn has ended. The next turn of the
   * thread may be started at once.
   *
   * @example
   * ```ts
   * await turn.interrupt();
   * console.log((await turn.result).status); // interrupted
   * ```
   */
  async interrupt(options?: RequestOptions): Promise<void> {
    checkRequestOptions("interrupt", options);
    const { runtime, route } = this.#parts;
    return waitWithin("turn/interrupt", toRequestOptions(options), () =>
      interruptTurn(runtime, route),
    );
  }

  #reportAbandoned(): void {
    const { runtime, route } = this.#parts;
    const { threadId, turnId, lastError } = turnFactsOf(route, runtime.secrets);
    const text = lastError?.message ?? null;
    runtime.report({ kind: "turnAbandoned", threadId, turnId, lastError: text });
  }

  /** Makes the error of a turn that took longer than `timeoutMs`. */
  #toTimeoutError(): TurnTimeoutError {
    const { runtime, route, limit } = this.#parts;
    const facts = turnFactsOf(route, runtime.secrets);
    const lastEvent = runtime.secrets.maskIn(route.fold.lastEvent);
    return new TurnTimeoutError(facts, limit?.timeoutMs ?? 0, lastEvent, "timeoutMs");
  }

  /** Ends this handle's wait, while the turn itself may continue for others. */
  #leave(reason: unknown): void {
    this.#parts.limit?.end();
    this.#parts.reader?.abort(reason);
    this.#result.reject(reason);
  }

  #settle(end: TurnEnd): void {
    const { route, reader, runtime } = this.#parts;
    if (end.kind !== "completed") {
      const error = toTurnEndError(route, end, runtime.secrets);
      reader?.fail(error);
      this.#result.reject(error);
      return;
    }
    const { keeping } = this.#parts;
    try {
      const result = toTurnResult(route.id, end.turn, route.fold, runtime.secrets);
      if (keeping === undefined) this.#result.resolve(result);
      else this.#settleBehind(keeping, () => this.#result.resolve(result));
    } catch (error) {
      if (keeping === undefined) this.#result.reject(error);
      // The turn's own error says more than that of its save.
      else
        void keeping
          .stored(route.threadId)
          .catch(() => {})
          .then(() => this.#result.reject(error));
    }
  }

  /** Returns a result only once it is stored: a caller that has seen it may rely on it. */
  #settleBehind(keeping: TurnKeeping, settle: () => void): void {
    keeping.stored(this.threadId).then(settle, (error: unknown) => this.#result.reject(error));
  }
}

/** Returns the control of a turn that this client started. */
function controlOf(runtime: RuntimeClient, route: TurnRoute): TurnControl {
  return {
    recover: (timeoutMs) => runtime.recovery.recover(route, timeoutMs),
    stop: () => abandonTurn(runtime, route),
  };
}

/** Returns the control of a turn that a handle has joined: its signal ends only its own wait. */
export function joinedControlOf(runtime: RuntimeClient, route: TurnRoute): TurnControl {
  return { ...controlOf(runtime, route), stop: () => {} };
}
