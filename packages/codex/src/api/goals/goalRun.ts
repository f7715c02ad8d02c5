import type { ThreadGoal, ThreadGoalSetParams } from "@openai/codex-types";

import type { AppServerClient } from "../../client/appServerClient.js";
import { type CodexError, CodexProtocolError } from "../../errors.js";
import { createDeferred } from "../../internal/deferred.js";
import type { ThreadOwner, ThreadOwnership } from "../../router/notificationRouter.js";
import type { GoalReservation } from "../../router/threadActivity.js";
import { TurnRoute } from "../../router/turnRoute.js";
import { toWaiterError } from "../../rpc/connection.js";
import { isObject, type NotificationMessage } from "../../rpc/message.js";
import { GoalFold } from "./goalFold.js";
import { interruptGoalTurn, pauseGoal } from "./stopGoal.js";

const THREAD_ENDS: ReadonlySet<string> = new Set([
  "thread/archived",
  "thread/closed",
  "thread/deleted",
]);

/**
 * A goal on its thread, from before it is set to its end: takes all turns of the thread to itself,
 * and delivers them to one route as one turn.
 */
export class GoalRun implements ThreadOwner {
  readonly client: AppServerClient;
  readonly threadId: string;
  readonly #place: GoalReservation;
  readonly #ownership: ThreadOwnership | undefined;
  readonly #fold = new GoalFold();
  readonly #started = createDeferred<TurnRoute>();
  #route: TurnRoute | undefined;
  #activation: Promise<unknown> = Promise.resolve();
  #turnChange = createDeferred<void>();
  #stopping: Promise<void> | undefined;
  #isPaused = false;
  #hasLeft = false;
  #isOver = false;

  constructor(client: AppServerClient, threadId: string, place: GoalReservation) {
    this.client = client;
    this.threadId = threadId;
    this.#place = place;
    this.#ownership = client.router.ownThread(threadId, this);
  }

  /** The goal as the runtime last said it; `null` when it was cleared. */
  get goal(): ThreadGoal | null {
    return this.#fold.goal ?? null;
  }

  /** The route of the goal's one turn, once its first one has started. */
  get started(): Promise<TurnRoute> {
    return this.#started.promise;
  }

  /** The turn that the runtime is at; `undefined` between two turns. */
  get activeTurnId(): string | undefined {
    return this.#fold.activeTurnId;
  }

  /** Resolves when the next turn starts, the current one ends, or the goal does. */
  get turnChange(): Promise<void> {
    return this.#turnChange.promise;
  }

  get isOver(): boolean {
    return this.#isOver || this.#ownership?.isCurrent !== true;
  }

  /** Sets the goal (`thread/goal/set`); `started` tells what comes of it. */
  activate(params: ThreadGoalSetParams): void {
    const onResult = (result: unknown) => {
      const goal = isObject(result) ? result["goal"] : undefined;
      if (!isObject(goal)) throw new CodexProtocolError("thread/goal/set was answered without one");
      // The runtime's protocol says what a goal is; its status alone is used here.
      this.#fold.activate(goal as ThreadGoal);
    };
    this.#activation = this.client
      .dispatch("thread/goal/set", params, { onResult })
      .catch((error: unknown) => {
        this.#started.reject(error);
        // Before the caller hears of it, who may go on with the thread.
        this.#end();
      });
  }

  take(message: NotificationMessage): boolean {
    const before = this.activeTurnId;
    const shown = this.#fold.add(message);
    if (this.activeTurnId !== before) this.#noteTurn(this.activeTurnId);
    for (const event of shown ?? []) this.#route?.deliver(event);
    const isTaken = shown !== undefined && !this.#hasLeft;
    if (THREAD_ENDS.has(message.method)) this.#cutOff();
    else this.#finishIfOver();
    return isTaken;
  }

  fail(reason: CodexError): void {
    const error = toWaiterError(reason, `the goal of thread ${this.threadId}`);
    this.#started.reject(error);
    this.#route?.fail(error);
    this.#end();
  }

  /** Pauses the goal, and interrupts the turn that it is at. Does nothing once the goal is over. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined;
      this.#finishIfOver();
      if (this.#hasLeft) this.#place.release(this.activeTurnId);
    });
    return this.#stopping;
  }

  /** The consumer is gone: the thread's turns are everybody's again, and the goal goes on. */
  leave(): void {
    this.#hasLeft = true;
    this.#route?.discard();
    // A turn that is being interrupted must not be joined by the next one.
    if (this.#stopping === undefined) this.#place.release(this.activeTurnId);
  }

  /** The start came to nothing: what there is of the goal is stopped. */
  async abandon(): Promise<void> {
    this.#hasLeft = true;
    // Whoever waited has the error that led here; a runtime that is gone has no goal any more.
    await this.stop().catch(() => {});
    this.#route?.discard();
    this.#end();
  }

  async #stop(): Promise<void> {
    await this.#activation;
    if (this.isOver || this.#fold.goal === undefined) return;
    try {
      if (this.#fold.goal?.status === "active") this.#isPaused = await pauseGoal(this);
    } finally {
      // By itself, too, it keeps the runtime from going on with the goal.
      await interruptGoalTurn(this);
    }
  }

  #noteTurn(turnId: string | undefined): void {
    if (turnId !== undefined) {
      this.#place.assign(turnId);
      if (this.#route === undefined) {
        this.#route = new TurnRoute(this.threadId, turnId);
        this.#started.resolve(this.#route);
      }
    }
    this.#announceChange();
  }

  #announceChange(): void {
    this.#turnChange.resolve();
    this.#turnChange = createDeferred();
  }

  #finishIfOver(): void {
    // While it is being stopped, a turn that began before the pause may still show up.
    if (this.#isOver || !this.#fold.isOver || this.#stopping !== undefined) return;
    const completion = this.#fold.completion(this.#isPaused);
    if (completion !== undefined) this.#route?.deliver(completion);
    this.#end();
  }

  #cutOff(): void {
    const reason = `thread ${this.threadId} is gone: its goal started no turn`;
    this.#started.reject(new CodexProtocolError(reason));
    this.#route?.cutOff();
    this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // A connection that has ended says so while the ownership is being given.
    this.#ownership?.release();
    this.#place.release(this.activeTurnId);
    this.#announceChange();
  }
}
