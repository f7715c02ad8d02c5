import type { ThreadGoal, Turn, TurnStatus } from "@openai/codex-types";

import { isObject } from "../../internal/isObject.js";
import { turnIdOf } from "../../router/routingKeys.js";
import { endedTurnOf } from "../../router/turnFold.js";
import type { NotificationMessage } from "../../rpc/message.js";

/**
 * Merges the notifications of all turns of a goal into those of one turn with the id of the first:
 * one `turn/started`, everything in between, and one `turn/completed`.
 */
export class GoalFold {
  #goal: ThreadGoal | null | undefined;
  #firstTurn: Turn | undefined;
  #activeTurnId: string | undefined;
  #lastCompletion: NotificationMessage | undefined;
  #lastTurn: Turn | undefined;
  #failedTurn: Turn | undefined;
  #turns = 0;
  #wasInterrupted = false;
  #isUnreadable = false;

  /** The goal as last reported; `null` when it was cleared, `undefined` before it was set. */
  get goal(): ThreadGoal | null | undefined {
    return this.#goal;
  }

  /** Id of the first turn; used as the id of the merged turn. */
  get id(): string | undefined {
    return this.#firstTurn?.id;
  }

  /** True if the last message was the end of the current turn, in a form that cannot be read. */
  get isUnreadable(): boolean {
    return this.#isUnreadable;
  }

  /** Id of the turn that runs; `undefined` between two turns. */
  get activeTurnId(): string | undefined {
    return this.#activeTurnId;
  }

  /** Id of the turn that ended last; `undefined` before the first end. */
  get endedTurnId(): string | undefined {
    return this.#lastTurn?.id;
  }

  /** True if no turn runs, and none will start. */
  get isOver(): boolean {
    if (this.#activeTurnId !== undefined || this.#lastCompletion === undefined) return false;
    // After an interrupt the runtime starts no further turn, though the goal stays active.
    return this.#wasInterrupted || this.#goal?.status !== "active";
  }

  /** Notes the response to the goal's start; a notification that came before it is newer. */
  activate(goal: ThreadGoal): void {
    if (this.#goal === undefined) this.#goal = goal;
  }

  /** Returns the events that a consumer gets in place of a turn's message; `undefined` for a message that does not belong to a turn. */
  add(message: NotificationMessage): readonly NotificationMessage[] | undefined {
    const { method, params } = message;
    this.#isUnreadable = false;
    if (method === "thread/goal/updated" || method === "thread/goal/cleared") {
      this.#noteGoal(params);
      return undefined;
    }
    const turnId = turnIdOf(params);
    if (turnId === undefined || !isObject(params)) return undefined;
    if (method === "turn/started") return this.#start(message, turnId, params["turn"]);
    if (this.#firstTurn === undefined) return undefined;
    if (method === "turn/completed") return this.#complete(message);
    return [{ ...message, params: { ...params, turnId: this.#firstTurn.id } }];
  }

  /** Makes the merged `turn/completed` of a goal that has ended. `isPaused` is true if its caller paused it. */
  completion(isPaused: boolean): NotificationMessage | undefined {
    const [first, last, message] = [this.#firstTurn, this.#lastTurn, this.#lastCompletion];
    if (first === undefined || last === undefined || !isObject(message?.params)) return undefined;
    const turn: Turn = {
      ...(this.#failedTurn ?? last),
      ...(first.rootTurnId === undefined ? {} : { rootTurnId: first.rootTurnId }),
      id: first.id,
      status: this.#statusOf(last, isPaused),
      startedAt: first.startedAt,
      completedAt: last.completedAt,
      durationMs: this.#turns === 1 ? last.durationMs : durationOf(first, last),
    };
    return { ...message, params: { ...message.params, turn } };
  }

  #noteGoal(params: unknown): void {
    const goal = toGoal(params);
    if (goal !== undefined) this.#goal = goal;
    // A goal that was cleared before this one was set is an earlier one.
    else if (this.#goal !== undefined) this.#goal = null;
  }

  #start(
    message: NotificationMessage,
    turnId: string,
    turn: unknown,
  ): readonly NotificationMessage[] {
    this.#activeTurnId = turnId;
    this.#turns += 1;
    this.#wasInterrupted = false;
    if (this.#firstTurn !== undefined) return [];
    // SAFETY: only the id, which is set here, and nullable members of the first turn are read.
    this.#firstTurn = { ...(isObject(turn) ? turn : {}), id: turnId } as Turn;
    return [message];
  }

  #complete(message: NotificationMessage): readonly NotificationMessage[] {
    const turn = endedTurnOf(message.params);
    if (turn === undefined) {
      this.#isUnreadable = true;
      return [];
    }
    // A late copy of an earlier turn's completion does not end the current one.
    if (this.#activeTurnId !== undefined && turn.id !== this.#activeTurnId) return [];
    this.#activeTurnId = undefined;
    this.#lastCompletion = message;
    this.#lastTurn = turn;
    this.#wasInterrupted = turn.status === "interrupted";
    if (turn.status === "failed") this.#failedTurn = turn;
    return [];
  }

  #statusOf(last: Turn, isPaused: boolean): TurnStatus {
    if (this.#failedTurn !== undefined) return "failed";
    // A pause between two turns, or at the very end of one, has no turn to interrupt.
    return isPaused && this.#goal?.status === "paused" ? "interrupted" : last.status;
  }
}

/** The wire gives a turn's start and end in whole seconds. */
function durationOf(first: Turn, last: Turn): number | null {
  const [from, to] = [first.startedAt ?? null, last.completedAt ?? null];
  return from === null || to === null ? null : (to - from) * 1000;
}

/** Returns the goal of a response or notification; `undefined` when it does not have one. */
export function toGoal(params: unknown): ThreadGoal | undefined {
  const goal = isObject(params) ? params["goal"] : undefined;
  // SAFETY: the protocol describes a goal, of which the SDK itself reads only `status`.
  return isObject(goal) ? (goal as ThreadGoal) : undefined;
}
