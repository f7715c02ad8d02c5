import type { ServerNotification } from "@openai/codex-types";

import type { AppServerClient } from "../../client/appServerClient.js";
import { TurnFailedError, TurnIncompleteError } from "../../errors.js";
import { onAbort, raceAbort } from "../../internal/abort.js";
import type { AsyncQueue } from "../../internal/asyncQueue.js";
import type { TurnRoute } from "../../router/turnRoute.js";
import type { NotificationMessage } from "../../rpc/message.js";
import { type RunInput, toWireInput } from "../input.js";
import type { PreparedOutput } from "../output/outputSchema.js";
import { interruptTurn } from "./interruptTurn.js";
import { readTurn } from "./readTurn.js";
import { TurnCollector, type TurnResult, toTurnResult } from "./turnResult.js";

/** What a handle is made of. */
export interface TurnHandleParts<Output> {
  readonly client: AppServerClient;
  readonly route: TurnRoute;
  readonly output: PreparedOutput<Output>;
  readonly idleTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The result that each turn's one consumer makes, for those who have joined the turn. */
const resultsByRoute = new WeakMap<TurnRoute, Promise<TurnResult>>();

/**
 * A turn that runs on the runtime. It has one consumer: `stream()` or `run()`, once. What it sends
 * before the consumer comes is kept.
 */
export class TurnHandle<Output = undefined> {
  readonly #parts: TurnHandleParts<Output>;
  #isConsumer = false;

  /** Made by `Thread.turn`. @internal */
  constructor(parts: TurnHandleParts<Output>) {
    this.#parts = parts;
    const { client, route, signal } = parts;
    const stopListening = onAbort(signal, (reason) => {
      // The consumer of a turn that this handle has only joined hears of the end as an interrupt.
      if (this.#isConsumer || !route.isConsumed) route.abort(reason);
      // The consumer gets the reason; a runtime that is gone has stopped the turn, too.
      void interruptTurn(client, route).catch(() => {});
    });
    route.onOver(stopListening);
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
   * This turn's notifications, in order, ending after its `turn/completed`. Leaving the loop early
   * frees what is not read; the turn itself goes on in the runtime, see `interrupt`.
   *
   * @throws TurnAlreadyConsumedError on the second use; TransportClosedError, TurnIncompleteError,
   * TurnTimeoutError or the signal's reason when the events are cut short.
   */
  stream(): AsyncIterableIterator<ServerNotification> {
    const { client, route, idleTimeoutMs } = this.#parts;
    const events = this.#consume();
    return readTurn({ client, route, events, collector: new TurnCollector(), idleTimeoutMs });
  }

  /**
   * Waits for the turn's end and makes its result. An interrupted turn returns, with
   * that status; with an output schema it must have answered first.
   *
   * @throws TurnFailedError when the runtime ended the turn as failed; OutputValidationError when the
   * final response does not fit the output schema; otherwise as `stream`.
   */
  async run(): Promise<TurnResult<Output>> {
    const { output } = this.#parts;
    return output.complete(await this.#collect());
  }

  /**
   * Adds input to the turn while it runs (`turn/steer`); what the model is saying is cut off.
   *
   * @throws InvalidRequestError when the turn is no longer active.
   */
  async steer(input: RunInput): Promise<void> {
    await this.#parts.client.request("turn/steer", {
      threadId: this.threadId,
      expectedTurnId: this.#parts.route.interruptId,
      input: toWireInput(input),
    });
  }

  /**
   * Interrupts the turn (`turn/interrupt`). Waits until the runtime can take it, so that one right
   * after the start is not lost; does nothing once the turn has ended.
   */
  interrupt(): Promise<void> {
    return interruptTurn(this.#parts.client, this.#parts.route);
  }

  /** Like `run`, for a handle that joined a turn which others may already be running. @internal */
  async runJoined(): Promise<TurnResult<Output>> {
    const { route, output, signal } = this.#parts;
    const shared = resultsByRoute.get(route);
    return shared === undefined ? this.run() : output.complete(await raceAbort(shared, signal));
  }

  #consume(): AsyncQueue<NotificationMessage> {
    const events = this.#parts.route.consume();
    this.#isConsumer = true;
    return events;
  }

  #collect(): Promise<TurnResult> {
    const { client, route, idleTimeoutMs } = this.#parts;
    const collector = new TurnCollector();
    const reading = { client, route, events: this.#consume(), collector, idleTimeoutMs };
    const result = collectTurn(reading);
    resultsByRoute.set(route, result);
    return result;
  }
}

/** The one collector: reads a turn to its end and makes the result of what came. */
async function collectTurn(reading: Parameters<typeof readTurn>[0]): Promise<TurnResult> {
  const { route, collector } = reading;
  for await (const _event of readTurn(reading));
  const { completed, ...progress } = collector.progress;
  if (completed === null) {
    const facts = { threadId: route.threadId, turnId: route.id, items: progress.items };
    throw new TurnIncompleteError(facts, "no turn/completed came");
  }
  const result = toTurnResult(route.id, completed, collector.progress);
  if (result.status === "failed") throw new TurnFailedError(result);
  return result;
}
