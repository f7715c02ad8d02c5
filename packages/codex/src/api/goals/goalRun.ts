import type { ThreadGoalSetParams } from "@openai/codex-types";

import { OWN_LIMIT } from "../../client/ownRequests.js";
import type { RuntimeClient } from "../../client/runtimeClient.js";
import type { StoredTurn } from "../../client/turnRecovery.js";
import { type CodexError, CodexProtocolError } from "../../errors.js";
import { createDeferred } from "../../internal/deferred.js";
import { isObject } from "../../internal/isObject.js";
import { clearTimeout, setTimeout } from "../../internal/timers.js";
import type { ThreadOwner, ThreadOwnership } from "../../router/notificationRouter.js";
import { bringsThreadToRest, endsThread, isTerminalError } from "../../router/threadEvents.js";
import { LOST_COMPLETION_MS, type TurnSlot } from "../../router/threadQueue.js";
import { type TurnReader, TurnRoute } from "../../router/turnRoute.js";
import { toWaiterError } from "../../rpc/closeReason.js";
import type { NotificationMessage } from "../../rpc/message.js";
import { passesWithin } from "../turns/interruptTurn.js";
import { GoalFold, toGoal } from "./goalFold.js";
import { interruptGoalTurn, pauseGoal, STOP_TIMEOUT_MS } from "./stopGoal.js";

/** The merged turn of a goal, with the events from its start. */
export interface StartedGoal {
  readonly route: TurnRoute;
  readonly reader: TurnReader;
}

/**
 * A goal on its thread, from before it is set to its end: takes all turns of the thread to itself,
 * and delivers them to one route as one turn.
 */
export class GoalRun implements ThreadOwner {
  readonly runtime: RuntimeClient;
  readonly threadId: string;
  readonly #slot: TurnSlot;
  readonly #ownership: ThreadOwnership | undefined;
  readonly #fold = new GoalFold();
  readonly #started = createDeferred<StartedGoal>();
  #route: TurnRoute | undefined;
  #activation: Promise<void> = Promise.resolve();
  #turnChange = createDeferred<void>();
  #stopping: Promise<void> | undefined;
  #restTimer: NodeJS.Timeout | undefined;
  #isPaused = false;
  #hasLeft = false;
  #isOver = false;

  constructor(runtime: RuntimeClient, threadId: string, slot: TurnSlot) {
    this.runtime = runtime;
    this.threadId = threadId;
    this.#slot = slot;
    this.#ownership = runtime.router.ownThread(threadId, this);
  }

  /** The goal as last reported; `null` when it was cleared. */
  get goal() {
    return this.#fold.goal ?? null;
  }

  /** Resolves with the goal's merged turn, once its first one has started. */
  get started(): Promise<StartedGoal> {
    return this.#started.promise;
  }

  /** Id of the turn that runs; `undefined` between two turns. */
  get activeTurnId(): string | undefined {
    return this.#fold.activeTurnId;
  }

  get endedTurnId(): string | undefined {
    return this.#fold.endedTurnId;
  }

  markRestored(): void {
    this.#route?.skipRepeatedItems();
  }

  hasCompleted(itemId: string): boolean {
    return this.#route?.hasCompleted(itemId) === true;
  }

  /** Resolves when the next turn starts, the current one ends, or the goal does. */
  get turnChange(): Promise<void> {
    return this.#turnChange.promise;
  }

  get isOver(): boolean {
    return this.#isOver || this.#ownership?.isCurrent !== true;
  }

  /** Sets the goal (`thread/goal/set`). */
  activate(params: ThreadGoalSetParams): void {
    const onResult = (result: unknown) => {
      const goal = toGoal(result);
      if (goal === undefined) {
        throw new CodexProtocolError("the response to thread/goal/set does not have a goal");
      }
      // Nobody follows a goal whose start was given up before the response.
      if (this.#isOver) void pauseGoal(this).catch(() => {});
      else this.#fold.activate(goal);
    };
    this.#activation = this.runtime
      .dispatch("thread/goal/set", params, { onResult })
      .then(() => {})
      .catch((error: unknown) => {
        this.#started.reject(error);
        // Before the caller is notified, who may use the thread at once.
        this.#end();
      });
  }

  take(message: NotificationMessage): boolean {
    const before = this.activeTurnId;
    const shown = this.#fold.add(message);
    if (this.activeTurnId !== before) this.#noteTurn(this.activeTurnId);
    for (const event of shown ?? []) this.#route?.deliver(event);
    const isTaken = shown !== undefined && !this.#hasLeft;
    if (endsThread(message)) this.#cutOff(`thread ${this.threadId} is gone`);
    else this.#finishIfOver();
    const { isUnreadable } = this.#fold;
    if (isUnreadable || bringsThreadToRest(message) || isTerminalError(message)) {
      this.#scheduleRecovery();
    } else if (message.method === "thread/status/changed") clearTimeout(this.#restTimer);
    return isTaken;
  }

  fail(reason: CodexError): void {
    const error = toWaiterError(reason, `the goal of thread ${this.threadId}`);
    this.#started.reject(error);
    this.#route?.fail(error);
    this.#end();
  }

  /** Pauses the goal; its turn continues to its end. */
  async pause(): Promise<void> {
    await this.#activation;
    if (!this.isOver && this.#fold.goal?.status === "active") await pauseGoal(this);
  }

  /** Pauses the goal, and interrupts its turn. Does nothing once the goal has ended. */
  stop(): Promise<void> {
    if (!this.#isOver) this.#slot.markStopping();
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined;
      this.#finishIfOver();
      if (this.#hasLeft) this.#slot.release(this.activeTurnId);
    });
    return this.#stopping;
  }

  /** Releases the thread when the consumer stops reading. The goal continues on the runtime. */
  leave(): void {
    this.#hasLeft = true;
    // A turn that is being interrupted must not be joined by the next one.
    if (this.#stopping === undefined) this.#slot.release(this.activeTurnId);
  }

  /** Stops what there is of the goal, because its start has failed. */
  async abandon(): Promise<void> {
    this.#hasLeft = true;
    // The caller has the error that led here; a runtime that is gone has no goal any longer.
    await this.stop().catch(() => {});
    this.#end();
  }

  /**
   * Reads the thread again, and ends the current turn if it has ended there; between two turns, reads the
   * goal again. Never rejects. `timeoutMs` is a caller's limit.
   */
  async recover(timeoutMs?: number): Promise<StoredTurn["state"]> {
    if (this.isOver) return "ended";
    const turnId = this.activeTurnId;
    if (turnId === undefined) {
      await this.#rereadGoal(timeoutMs);
      return "ended";
    }
    const stored = await this.runtime.recovery.readStored(this.threadId, turnId, timeoutMs);
    if (this.isOver || this.activeTurnId !== turnId) return "ended";
    if (stored.state === "gone") this.#cutOff(`thread ${this.threadId} is at rest`);
    else if (stored.state === "ended") {
      const params = { threadId: this.threadId, turn: stored.turn };
      this.take({ method: "turn/completed", params });
    }
    return stored.state;
  }

  async #stop(): Promise<void> {
    await passesWithin(this.#activation, STOP_TIMEOUT_MS);
    if (this.isOver || this.#fold.goal === undefined) return;
    try {
      if (this.#fold.goal?.status === "active") this.#isPaused = await pauseGoal(this);
    } finally {
      // By itself, too, it keeps the runtime from continuing the goal.
      await interruptGoalTurn(this);
    }
  }

  #noteTurn(turnId: string | undefined): void {
    if (turnId !== undefined) {
      this.#slot.assign(turnId);
      if (this.#route === undefined) {
        this.#route = new TurnRoute(this.threadId, turnId);
        this.#started.resolve({ route: this.#route, reader: this.#route.openReader() });
      }
    }
    this.#announceChange();
  }

  /** The end of a turn, or of the goal, that is lost must not keep the goal waiting for ever. */
  #scheduleRecovery(): void {
    clearTimeout(this.#restTimer);
    if (this.isOver || this.#route === undefined) return;
    this.#restTimer = setTimeout(() => void this.#recoverAfterSign(), LOST_COMPLETION_MS);
  }

  async #recoverAfterSign(): Promise<void> {
    const turnId = this.activeTurnId;
    const state = await this.recover();
    // Nothing else may come that would end the turn.
    if (state !== "unknown" || this.isOver || this.activeTurnId !== turnId) return;
    this.#cutOff(`thread ${this.threadId} does not show how a turn ended`);
  }

  /** Takes over a goal that is not active any longer, whose notification is lost. */
  async #rereadGoal(timeoutMs: number | undefined): Promise<void> {
    const { threadId } = this;
    const limit = timeoutMs === undefined ? OWN_LIMIT : { timeoutMs };
    const options = { ...limit, priority: "control" } as const;
    const request = this.runtime.dispatch("thread/goal/get", { threadId }, options);
    // Without a response the goal is what it was.
    const response = await request.catch(() => undefined);
    if (!isObject(response) || this.isOver || this.activeTurnId !== undefined) return;
    const goal = toGoal(response);
    if (goal === undefined) this.take({ method: "thread/goal/cleared", params: { threadId } });
    else if (goal.status !== "active") {
      this.take({ method: "thread/goal/updated", params: { threadId, goal } });
    }
  }

  #announceChange(): void {
    this.#turnChange.resolve();
    this.#turnChange = createDeferred();
  }

  #finishIfOver(): void {
    // While the goal is being stopped, a turn that began before the pause may still show up.
    if (this.#isOver || !this.#fold.isOver || this.#stopping !== undefined) return;
    const completion = this.#fold.completion(this.#isPaused);
    if (completion !== undefined) this.#route?.deliver(completion);
    this.#end();
  }

  #cutOff(reason: string): void {
    this.#started.reject(new CodexProtocolError(`${reason}: its goal has not started a turn`));
    this.#route?.cutOff(reason);
    this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#restTimer);
    // A connection that has ended fails the owner while the ownership is being taken.
    this.#ownership?.release();
    this.#slot.release(this.activeTurnId);
    this.#announceChange();
    // Nothing more reaches a route that has not ended by now.
    this.#route?.cutOff("its goal is not followed any longer");
  }
}
