import { TransportClosedError } from "../errors.js";
import { isObject } from "../internal/isObject.js";
import { hostTimers } from "../internal/timers.js";
import type { NotificationRouter } from "../router/notificationRouter.js";
import { replayTurns } from "../router/restoredTurns.js";
import { statusTypeOf } from "../router/routingKeys.js";
import type { ServerRequestRouter } from "../router/serverRequestRouter.js";
import { isRestingStatus } from "../router/threadEvents.js";
import type { NotificationMessage } from "../rpc/message.js";
import type { ClientOptions } from "./options.js";
import type { Requests } from "./requests.js";
import { DEFAULT_START_TIMEOUT_MS, type Session } from "./session.js";
import type { ThreadStates } from "./threadStates.js";

/** Number of turns that a resume brings for a goal, which may have begun several of them meanwhile. */
const TURNS_OF_GOAL = 20;

/** Called in the tick in which a thread is resumed, with the response. */
export type OnThreadRestored = (
  threadId: string,
  response: Readonly<Record<string, unknown>>,
) => void;

/** Parts of a client that the restoring of its threads uses. */
export interface RestorerClient {
  readonly options: ClientOptions;
  readonly router: NotificationRouter;
  readonly serverRequests: ServerRequestRouter;
  readonly threadStates: ThreadStates;
}

/**
 * Brings back the threads of a connection that was lost: resumes each over the new one, and delivers what
 * its followers have missed, in the tick of the response, before the messages behind that.
 */
export class ThreadRestorer {
  readonly #client: RestorerClient;
  readonly #requests: Requests;
  readonly #onThreadRestored: OnThreadRestored;
  /** Threads that the lost connection was subscribed to. */
  readonly #lost = new Set<string>();

  constructor(client: RestorerClient, requests: Requests, onThreadRestored: OnThreadRestored) {
    this.#client = client;
    this.#requests = requests;
    this.#onThreadRestored = onThreadRestored;
  }

  /** Number of threads that are to be resumed. */
  get size(): number {
    return this.#lost.size;
  }

  /** Resumes the threads. Rejects when the new connection is lost, too. */
  async restore(session: Session): Promise<void> {
    this.#takeSubscriptions();
    await Promise.all([...this.#lost].map((threadId) => this.#restore(session, threadId)));
    this.#lost.clear();
  }

  /** Forgets the threads, because there is no further attempt. */
  giveUp(): void {
    this.#lost.clear();
  }

  #takeSubscriptions(): void {
    const { subscriptions } = this.#client.threadStates;
    for (const threadId of subscriptions.takeAll()) this.#lost.add(threadId);
  }

  async #restore({ connection }: Session, threadId: string): Promise<void> {
    const { router, options } = this.#client;
    const limit = router.ownerOf(threadId) === undefined ? 1 : TURNS_OF_GOAL;
    const page = { limit, sortDirection: "desc", itemsView: "full" };
    // The page needs the experimental API; without it, the thread comes with all of its turns.
    const params =
      (options.experimentalApi ?? true)
        ? { threadId, excludeTurns: true, initialTurnsPage: page }
        : { threadId };
    try {
      await this.#requests.sendOn(connection, "thread/resume", params, {
        timeoutMs: options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS,
        timers: hostTimers,
        onResult: (response) => this.#noteResumed(threadId, response),
      });
    } catch (error) {
      if (connection.closeReason !== undefined) throw error;
      // The thread has no turn yet, is gone, or belongs to another process now.
      const reason = error instanceof Error ? error.message : String(error);
      const facts = `it could not be resumed over the new connection (${reason}; a thread without a turn is not stored)`;
      for (const route of router.routesOf(threadId)) route.cutOff(facts);
      const lost = `The connection was lost, and thread ${threadId} with it: ${facts}`;
      router.failPending(threadId, new TransportClosedError(lost, { cause: error }));
      router.dispatch({ method: "thread/closed", params: { threadId } });
    }
  }

  #noteResumed(threadId: string, response: unknown): void {
    if (!isObject(response) || !isObject(response["thread"])) return;
    const { router, serverRequests } = this.#client;
    const { thread } = response;
    const turns = turnsOf(response);
    this.#onThreadRestored(threadId, response);
    this.#requests.lostStarts.claim(turns.at(-1));
    this.#replay(threadId, turns);
    const { status } = thread;
    // Frees the thread, and questions its turns, where the end of a turn was lost.
    router.dispatch({ method: "thread/status/changed", params: { threadId, status } });
    if (isRestingStatus(statusTypeOf(thread))) serverRequests.endSuspended(threadId);
  }

  /** A turn that is not among the stored ones is questioned. */
  #replay(threadId: string, turns: readonly unknown[]): void {
    const { router } = this.#client;
    const deliver = (message: NotificationMessage) => void router.dispatch(message);
    const owner = router.ownerOf(threadId);
    if (owner !== undefined) replayTurns(threadId, turns, owner, deliver);
    for (const route of router.routesOf(threadId)) {
      if (!replayTurns(threadId, turns.slice(-1), route, deliver)) route.noteThreadAtRest();
    }
  }
}

/** Returns the last turns of the thread, oldest first. */
function turnsOf(response: Readonly<Record<string, unknown>>): readonly unknown[] {
  const page = response["initialTurnsPage"];
  if (isObject(page) && Array.isArray(page["data"])) return page["data"].toReversed();
  const thread = response["thread"];
  return isObject(thread) && Array.isArray(thread["turns"]) ? thread["turns"] : [];
}
