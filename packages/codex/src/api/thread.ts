import type {
  JsonValue,
  ThreadArchiveResponse,
  ThreadDeleteResponse,
  ThreadGoal,
  ThreadItemEntry,
  ThreadItemsListResponse,
  ThreadReadResponse,
  ThreadRevertResponse,
  ThreadSetNameResponse,
  ThreadTurnsListResponse,
  Turn,
} from "@openai/codex-types";

import type { RuntimeClient } from "../client/runtimeClient.js";
import { CodexProtocolError } from "../errors.js";
import type { TurnResult } from "../errors/turnResult.js";
import { checkOptions, checkText } from "../internal/validate.js";
import { toResponseObject } from "./checkResponse.js";
import { toGoal } from "./goals/goalFold.js";
import type { GoalHandle, GoalResult } from "./goals/goalHandle.js";
import type { GoalOptions } from "./goals/goalOptions.js";
import { resumeGoal, startGoal } from "./goals/startGoal.js";
import { injectItems } from "./injectItems.js";
import { type RunInput, toTurnInput } from "./input.js";
import { iteratePages } from "./iteratePages.js";
import {
  type OutputOf,
  type OutputSchema,
  type PreparedOutput,
  prepareOutput,
} from "./output/outputSchema.js";
import {
  ITEMS_OPTIONS,
  type ListItemsOptions,
  type ListTurnsOptions,
  READ_OPTIONS,
  type ReadThreadOptions,
  TURNS_OPTIONS,
  type WaitOptions,
} from "./readOptions.js";
import type { ForkThreadOptions } from "./threadOptions.js";
import { compactThread } from "./turns/compactThread.js";
import { openTurn } from "./turns/openTurn.js";
import { type ReviewOptions, reviewThread } from "./turns/reviewThread.js";
import { joinedControlOf, TurnHandle } from "./turns/turnHandle.js";
import { checkTurnOptions, type TurnOptions, toTurnParams } from "./turns/turnOptions.js";
import { definedOnly } from "./wireOptions.js";

/** Services of the `Codex` that made a thread. */
export interface ThreadServices {
  readonly runtime: RuntimeClient;
  forkThread(threadId: string, options: ForkThreadOptions | undefined): Promise<Thread>;
}

/** A conversation that the runtime stores. Made by `startThread`, `resumeThread` or `forkThread`. */
export class Thread {
  /** The thread's id, by which any client can resume it. */
  readonly id: string;
  readonly #services: ThreadServices;

  /** @internal */
  constructor(services: ThreadServices, id: string) {
    this.#services = services;
    this.id = id;
  }

  /**
   * Runs one turn to its end (`turn/start`) and returns its result.
   *
   * @throws ThreadBusyError when the thread has an active turn; TurnFailedError when the turn fails;
   * InvalidOptionError before anything is sent; TransportClosedError when the runtime is gone;
   * OutputValidationError when the final response does not fit `outputSchema`, also when the turn was
   * interrupted before it.
   */
  async run<Schema extends OutputSchema | undefined = undefined>(
    input: RunInput,
    options: TurnOptions<Schema> = {},
  ): Promise<TurnResult<OutputOf<Schema>>> {
    const handle = await this.#open(input, options, false);
    return handle.result;
  }

  /**
   * Starts one turn (`turn/start`), to be streamed, steered or interrupted.
   *
   * @throws as `run`, but for what happens after the start.
   */
  async turn<Schema extends OutputSchema | undefined = undefined>(
    input: RunInput,
    options: TurnOptions<Schema> = {},
  ): Promise<TurnHandle<OutputOf<Schema>>> {
    return this.#open(input, options, true);
  }

  /** Reads the stored thread (`thread/read`), with its turns on demand. */
  async read(options: ReadThreadOptions = {}): Promise<ThreadReadResponse> {
    checkOptions("read", options, READ_OPTIONS);
    const { includeTurns = false } = options;
    return this.#services.runtime.request("thread/read", { threadId: this.id, includeTurns });
  }

  /** One page of the thread's turns, newest first unless told otherwise (`thread/turns/list`). */
  async listTurns(options: ListTurnsOptions = {}): Promise<ThreadTurnsListResponse> {
    checkOptions("listTurns", options, TURNS_OPTIONS);
    return this.#services.runtime.request(
      "thread/turns/list",
      definedOnly({ ...options, threadId: this.id }),
    );
  }

  /** One page of the thread's items, of all turns or of one (`thread/items/list`). */
  async listItems(options: ListItemsOptions = {}): Promise<ThreadItemsListResponse> {
    checkOptions("listItems", options, ITEMS_OPTIONS);
    return this.#services.runtime.request(
      "thread/items/list",
      definedOnly({ ...options, threadId: this.id }),
    );
  }

  /**
   * Iterates over the thread's turns, page after page (`thread/turns/list`), newest first unless
   * `sortDirection` is `asc`; `limit` is the size of a page.
   */
  iterateTurns(options: ListTurnsOptions = {}): AsyncGenerator<Turn, void, undefined> {
    checkOptions("iterateTurns", options, TURNS_OPTIONS);
    return iteratePages("thread/turns/list", options.cursor, (cursor) =>
      this.listTurns({ ...options, cursor }),
    );
  }

  /**
   * Iterates over the thread's items, page after page (`thread/items/list`); `limit` is the size of a
   * page.
   */
  iterateItems(options: ListItemsOptions = {}): AsyncGenerator<ThreadItemEntry, void, undefined> {
    checkOptions("iterateItems", options, ITEMS_OPTIONS);
    return iteratePages("thread/items/list", options.cursor, (cursor) =>
      this.listItems({ ...options, cursor }),
    );
  }

  /**
   * Adds items of the Responses API to the history that the model reads (`thread/inject_items`), without
   * a turn.
   *
   * @throws InvalidOptionError before anything is sent, when `items` is not a list of objects.
   */
  async inject(items: readonly JsonValue[]): Promise<void> {
    return injectItems(this.#services.runtime, this.id, items);
  }

  /** Takes back a turn and all after it (`thread/revert`). Files that they changed stay as they are. */
  async revert(beforeTurnId: string): Promise<ThreadRevertResponse> {
    checkText("beforeTurnId", beforeTurnId);
    return this.#services.runtime.request("thread/revert", { threadId: this.id, beforeTurnId });
  }

  /** Names the thread (`thread/name/set`). */
  async setName(name: string): Promise<ThreadSetNameResponse> {
    checkText("name", name);
    return this.#services.runtime.request("thread/name/set", { threadId: this.id, name });
  }

  /**
   * Summarises the history, to make room in the model's context (`thread/compact/start`). It is a
   * turn of its own, and this waits for its end.
   *
   * @throws ThreadBusyError when the thread has an active turn; TurnFailedError when it fails.
   */
  async compact(options?: WaitOptions): Promise<TurnResult> {
    return compactThread(this.#services.runtime, this.id, options);
  }

  /**
   * Gives the thread a goal (`thread/goal/set`), in place of an earlier one, and waits until the runtime
   * has worked at it, turn after turn, to its end. See `startGoal`.
   *
   * @throws TurnFailedError when a turn fails; otherwise as `startGoal`.
   */
  async runGoal(objective: string, options?: GoalOptions): Promise<GoalResult> {
    return (await this.startGoal(objective, options)).result;
  }

  /**
   * Gives the thread a goal (`thread/goal/set`), in place of an earlier one, to be streamed, steered or
   * interrupted as one turn. The objective is trimmed, and has at most 4,000 characters. Until the
   * goal's end the thread is busy.
   *
   * @throws ThreadBusyError when the thread has an active turn or goal; InvalidOptionError for an objective
   * or an option that cannot work, and for an ephemeral thread; InvalidRequestError when the runtime has
   * no goals (`features.goals`); GoalStartTimeoutError when it starts no turn in time.
   */
  async startGoal(objective: string, options?: GoalOptions): Promise<GoalHandle> {
    return startGoal(this.#services.runtime, this.id, objective, options);
  }

  /**
   * Pauses the thread's goal (`thread/goal/set`): its current turn continues to its end, and no further
   * one starts. Returns the goal.
   *
   * @throws InvalidRequestError when the thread does not have a goal.
   */
  async pauseGoal(): Promise<ThreadGoal> {
    const { runtime } = this.#services;
    const params = { threadId: this.id, status: "paused" } as const;
    const goal = toGoal(await runtime.request("thread/goal/set", params));
    if (goal === undefined) {
      throw new CodexProtocolError("the response to thread/goal/set does not have a goal");
    }
    return goal;
  }

  /**
   * Continues the thread's paused goal (`thread/goal/set`), and waits for its next turn.
   *
   * @throws InvalidRequestError when the thread does not have a goal; otherwise as `startGoal`.
   */
  async resumeGoal(options?: GoalOptions): Promise<GoalHandle> {
    return resumeGoal(this.#services.runtime, this.id, options);
  }

  /** The thread's goal as it stands (`thread/goal/get`), or `null`. */
  async goal(): Promise<ThreadGoal | null> {
    const { runtime } = this.#services;
    const response = await runtime.request("thread/goal/get", { threadId: this.id });
    return toGoal(toResponseObject("thread/goal/get", response)) ?? null;
  }

  /**
   * Removes the thread's goal (`thread/goal/clear`), and returns whether there was one. A turn of it
   * that runs continues to its end; `GoalHandle.interrupt` stops it, too.
   */
  async clearGoal(): Promise<boolean> {
    const { runtime } = this.#services;
    const response = await runtime.request("thread/goal/clear", { threadId: this.id });
    return toResponseObject("thread/goal/clear", response)["cleared"] === true;
  }

  /** Puts the thread into the archive (`thread/archive`); `codex.unarchiveThread` brings it back. */
  archive(): Promise<ThreadArchiveResponse> {
    return this.#services.runtime.request("thread/archive", { threadId: this.id });
  }

  /** Deletes the thread for good (`thread/delete`). One that a fork builds on is refused. */
  delete(): Promise<ThreadDeleteResponse> {
    return this.#services.runtime.request("thread/delete", { threadId: this.id });
  }

  /**
   * Starts a review of code (`review/start`), as a turn on the thread.
   *
   * @throws ThreadBusyError when the thread has an active turn.
   */
  review(options: ReviewOptions): Promise<TurnHandle> {
    return reviewThread(this.#services.runtime, this.id, options);
  }

  /** A new thread with the history of this one (`thread/fork`). */
  fork(options?: ForkThreadOptions): Promise<Thread> {
    return this.#services.forkThread(this.id, options);
  }

  async #open<Schema extends OutputSchema | undefined>(
    input: RunInput,
    options: TurnOptions<Schema>,
    isRead: boolean,
  ): Promise<TurnHandle<OutputOf<Schema>>> {
    const { runtime } = this.#services;
    checkTurnOptions(options);
    const output: PreparedOutput<OutputOf<Schema>> = prepareOutput(options.outputSchema);
    const turnInput = toTurnInput(input, {
      isLocal: runtime.ownsRuntime,
      maySteer: options.whenBusy === "steer",
    });
    const params = toTurnParams(this.id, turnInput, options, output.wireSchema);
    const { idleTimeoutMs, signal, whenBusy } = options;
    return openTurn(runtime, params, { whenBusy, signal, isRead }, ({ hasJoined, ...turn }) => {
      const control = hasJoined ? joinedControlOf(runtime, turn.route) : undefined;
      return new TurnHandle({ ...turn, runtime, output, idleTimeoutMs, signal, control });
    });
  }
}
