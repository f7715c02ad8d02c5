import type { ThreadGoal, Turn, TurnStatus } from "@openai/codex-types";

import { turnIdOf } from "../../router/routingKeys.js";
import { isObject, type NotificationMessage } from "../../rpc/message.js";

/**
 * Folds the notifications of all the turns that a goal takes into those of one turn, which has the
 * id of the first: one `turn/started`, everything in between, and one `turn/completed`.
 */
export class GoalFold {
  #goal: ThreadGoal | null | undefined;
  #firstTurn: Turn | undefined;
  #activeTurnId: string | undefined;
  #lastCompletion: NotificationMessage | undefined;
  #failedTurn: Turn | undefined;
  #turns = 0;
  #wasInterrupted = false;

  /** The goal as the runtime last said it; `null` when it was cleared, `undefined` before it was set. */
  get goal(): ThreadGoal | null | undefined {
    return this.#goal;
  }

  /** The id of the first turn, by which the whole goal goes. */
  get id(): string | undefined {
    return this.#firstTurn?.id;
  }

  /** The turn that runs now; `undefined` between two turns. */
  get activeTurnId(): string | undefined {
    return this.#activeTurnId;
  }

  /** Whether no turn runs, and none is to come. */
  get isOver(): boolean {
    if (this.#activeTurnId !== undefined || this.#lastCompletion === undefined) return false;
    // After an interrupt the runtime starts no further turn, though the goal stays active.
    return this.#wasInterrupted || this.#goal?.status !== "active";
  }

  /** The runtime has answered that the goal is set; what it said of it meanwhile is newer. */
  activate(goal: ThreadGoal): void {
    if (this.#goal === undefined) this.#goal = goal;
  }

  /** What a consumer is shown in place of a turn's message; `undefined` for what is of no turn. */
  add(message: NotificationMessage): readonly NotificationMessage[] | undefined {
    const { method, params } = message;
    if (method === "thread/goal/updated" || method === "thread/goal/cleared") {
      this.#noteGoal(params);
      return undefined;
    }
    const turnId = turnIdOf(params);
    if (turnId === undefined || !isObject(params)) return undefined;
    if (method === "turn/started") return this.#start(message, toTurn(params["turn"]));
    if (this.#firstTurn === undefined) return undefined;
    if (method === "turn/completed") return this.#complete(message, toTurn(params["turn"]));
    return [{ ...message, params: { ...params, turnId: this.#firstTurn.id } }];
  }

  /** The one `turn/completed`, to be asked for when the goal is over. `isPaused`: by its caller. */
  completion(isPaused: boolean): NotificationMessage | undefined {
    const [first, message] = [this.#firstTurn, this.#lastCompletion];
    if (first === undefined || message === undefined || !isObject(message.params)) return undefined;
    const last = toTurn(message.params["turn"]);
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
    const goal = isObject(params) ? params["goal"] : undefined;
    // The runtime's protocol says what a goal is; its status alone is used here.
    if (isObject(goal)) this.#goal = goal as ThreadGoal;
    // What was cleared before this goal was set is an earlier one.
    else if (this.#goal !== undefined) this.#goal = null;
  }

  #start(message: NotificationMessage, turn: Turn): readonly NotificationMessage[] {
    this.#activeTurnId = turn.id;
    this.#turns += 1;
    this.#wasInterrupted = false;
    if (this.#firstTurn !== undefined) return [];
    this.#firstTurn = turn;
    return [message];
  }

  #complete(message: NotificationMessage, turn: Turn): readonly NotificationMessage[] {
    this.#activeTurnId = undefined;
    this.#lastCompletion = message;
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

function toTurn(turn: unknown): Turn {
  // The two methods that are asked for it carry a turn; its id was found in it.
  return turn as Turn;
}
