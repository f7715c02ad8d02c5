import type { ServerNotification, Turn } from "@openai/codex-types";

import type { AppServerClient } from "../../client/appServerClient.js";
import { toServerNotification } from "../../client/wireTypes.js";
import {
  type InterruptedTurnFacts,
  TransportClosedError,
  TurnIncompleteError,
  TurnTimeoutError,
} from "../../errors.js";
import type { AsyncQueue } from "../../internal/asyncQueue.js";
import type { TurnRoute } from "../../router/turnRoute.js";
import type { NotificationMessage } from "../../rpc/message.js";
import { interruptTurn } from "./interruptTurn.js";
import type { TurnCollector } from "./turnResult.js";

/** What one consumer of a turn reads it with. */
export interface TurnReading {
  readonly client: AppServerClient;
  readonly route: TurnRoute;
  readonly events: AsyncQueue<NotificationMessage>;
  readonly collector: TurnCollector;
  readonly idleTimeoutMs: number | undefined;
}

/**
 * A turn's events up to its `turn/completed`, folded into the collector on their way. Whatever cuts
 * them short is thrown as an error that says what came before it.
 */
export async function* readTurn(
  reading: TurnReading,
): AsyncGenerator<ServerNotification, void, undefined> {
  const { route, collector } = reading;
  try {
    while (!collector.isComplete) {
      const event = await nextEvent(reading);
      if (event === undefined)
        throw new TurnIncompleteError(factsOf(reading), "its thread is gone");
      collector.add(event);
      yield event;
    }
  } catch (error) {
    if (!(error instanceof TransportClosedError)) throw error;
    throw new TransportClosedError(error.message, {
      exit: error,
      cause: error.cause,
      turn: factsOf(reading),
    });
  } finally {
    route.discard();
  }
}

async function nextEvent(reading: TurnReading): Promise<ServerNotification | undefined> {
  const next = reading.events.next();
  const { idleTimeoutMs } = reading;
  if (idleTimeoutMs !== undefined && (await isSilent(next, idleTimeoutMs))) {
    const stored = readStoredTurn(reading, idleTimeoutMs);
    // An event that comes meanwhile shows that the turn is alive; an abort does not wait for the answer.
    const isStillSilent = await Promise.race([next.then(() => false), stored.then(() => true)]);
    if (isStillSilent) return endSilentTurn(reading, await stored, idleTimeoutMs);
  }
  const { value } = await next;
  return value === undefined ? undefined : toServerNotification(value);
}

function isSilent(next: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), timeoutMs);
    const onEvent = () => {
      clearTimeout(timer);
      resolve(false);
    };
    next.then(onEvent, onEvent);
  });
}

/**
 * No event came for long: the turn may have ended without one. What the thread has stored decides;
 * a turn that runs on is interrupted once.
 */
function endSilentTurn(
  reading: TurnReading,
  stored: Turn | undefined,
  idleTimeoutMs: number,
): ServerNotification {
  const { client, route, collector } = reading;
  if (stored !== undefined && stored.status !== "inProgress") {
    collector.restoreItems(stored.items);
    return { method: "turn/completed", params: { threadId: route.threadId, turn: stored } };
  }
  // The caller has waited long enough: it gets the error now, however long the interrupt takes.
  void interruptTurn(client, route).catch(() => {});
  throw new TurnTimeoutError(factsOf(reading), idleTimeoutMs, collector.progress.lastEvent);
}

async function readStoredTurn(
  { client, route }: TurnReading,
  timeoutMs: number,
): Promise<Turn | undefined> {
  try {
    const { thread } = await client.request(
      "thread/read",
      { threadId: route.threadId, includeTurns: true },
      { timeoutMs },
    );
    return thread.turns.find(({ id }) => id === route.id);
  } catch {
    // An ephemeral thread has nothing stored, and a runtime that is stuck does not answer.
    return undefined;
  }
}

function factsOf({ route, collector }: TurnReading): InterruptedTurnFacts {
  return { threadId: route.threadId, turnId: route.id, items: collector.progress.items };
}
