import type {
  ThreadArchiveResponse,
  ThreadGoal,
  ThreadItemsListResponse,
  ThreadReadResponse,
  ThreadRevertResponse,
  ThreadSetNameResponse,
  ThreadTurnsListResponse,
} from "@openai/codex-types";

import { InvalidOptionError } from "../errors.js";
import type { GoalHandle, GoalResult } from "./goals/goal.js";
import type { GoalOptions } from "./goals/goalOptions.js";
import { startGoal } from "./goals/startGoal.js";
import { type RunInput, toWireInput } from "./input.js";
import { checkOptions } from "./knownOptions.js";
import {
  type OutputOf,
  type OutputSchema,
  type PreparedOutput,
  prepareOutput,
} from "./output/outputSchema.js";
import {
  ITEMS_NAMES,
  type ListItemsOptions,
  type ListTurnsOptions,
  READ_NAMES,
  type ReadThreadOptions,
  TURNS_NAMES,
  WAIT_NAMES,
  type WaitOptions,
} from "./readOptions.js";
import { definedOnly, type ForkThreadOptions } from "./threadOptions.js";
import type { ThreadServices } from "./threadServices.js";
import { compactThread } from "./turns/compactThread.js";
import { startTurn } from "./turns/startTurn.js";
import { TurnHandle } from "./turns/turn.js";
import { type TurnOptions, toTurnParams } from "./turns/turnOptions.js";
import type { TurnResult } from "./turns/turnResult.js";

/** A conversation that the runtime keeps. It is made by `startThread`, `resumeThread` or `forkThread`. */
export class Thread {
  /** The thread's id, by which any client can resume it. */
  readonly id: string;
  readonly #services: ThreadServices;

  /** Made by `Codex`. @internal */
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
    const { handle, hasJoined } = await this.#start(input, options);
    return hasJoined ? handle.runJoined() : handle.run();
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
    return (await this.#start(input, options)).handle;
  }

  /** Reads the stored thread (`thread/read`), with its turns on demand. */
  async read(options: ReadThreadOptions = {}): Promise<ThreadReadResponse> {
    checkOptions("read", options, READ_NAMES);
    const { includeTurns = false } = options;
    return this.#services.client.request("thread/read", { threadId: this.id, includeTurns });
  }

  /** One page of the thread's turns, newest first unless told otherwise (`thread/turns/list`). */
  async listTurns(options: ListTurnsOptions = {}): Promise<ThreadTurnsListResponse> {
    checkOptions("listTurns", options, TURNS_NAMES);
    return this.#services.client.request(
      "thread/turns/list",
      definedOnly({ ...options, threadId: this.id }),
    );
  }

  /** One page of the thread's items, of all turns or of one (`thread/items/list`). */
  async listItems(options: ListItemsOptions = {}): Promise<ThreadItemsListResponse> {
    checkOptions("listItems", options, ITEMS_NAMES);
    return this.#services.client.request(
      "thread/items/list",
      definedOnly({ ...options, threadId: this.id }),
    );
  }

  /** Takes back a turn and all after it (`thread/revert`). Files that they changed stay as they are. */
  revert(beforeTurnId: string): Promise<ThreadRevertResponse> {
    return this.#services.client.request("thread/revert", { threadId: this.id, beforeTurnId });
  }

  /** Names the thread (`thread/name/set`). */
  async setName(name: string): Promise<ThreadSetNameResponse> {
    if (typeof name !== "string" || name.trim() === "") {
      throw new InvalidOptionError("name", "is empty; pass the name that lists are to show.");
    }
    return this.#services.client.request("thread/name/set", { threadId: this.id, name });
  }

  /**
   * Summarises the history, to make room in the model's context (`thread/compact/start`). It is a
   * turn of its own, and this waits for its end.
   *
   * @throws ThreadBusyError when the thread has an active turn; TurnFailedError when it fails.
   */
  async compact(options: WaitOptions = {}): Promise<TurnResult> {
    checkOptions("compact", options, WAIT_NAMES);
    return compactThread(this.#services.client, this.id, options.signal);
  }

  /**
   * Gives the thread a goal (`thread/goal/set`), in place of an earlier one, and waits until the runtime
   * has worked at it, turn after turn, to its end. See `startGoal`.
   *
   * @throws TurnFailedError when a turn fails; otherwise as `startGoal`.
   */
  async runGoal(objective: string, options: GoalOptions = {}): Promise<GoalResult> {
    return (await this.startGoal(objective, options)).run();
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
  startGoal(objective: string, options: GoalOptions = {}): Promise<GoalHandle> {
    return startGoal(this.#services.client, this.id, objective, options);
  }

  /** The thread's goal as it stands (`thread/goal/get`), or `null`. */
  async goal(): Promise<ThreadGoal | null> {
    const { goal } = await this.#services.client.request("thread/goal/get", { threadId: this.id });
    return goal;
  }

  /**
   * Takes the thread's goal away (`thread/goal/clear`), and tells whether there was one. A turn of it
   * that runs goes on to its end; `GoalHandle.interrupt` stops it, too.
   */
  async clearGoal(): Promise<boolean> {
    const { client } = this.#services;
    const { cleared } = await client.request("thread/goal/clear", { threadId: this.id });
    return cleared;
  }

  /** Puts the thread into the archive (`thread/archive`); `codex.unarchiveThread` brings it back. */
  archive(): Promise<ThreadArchiveResponse> {
    return this.#services.client.request("thread/archive", { threadId: this.id });
  }

  /** A new thread with the history of this one (`thread/fork`). */
  fork(options: ForkThreadOptions = {}): Promise<Thread> {
    return this.#services.forkThread(this.id, options);
  }

  async #start<Schema extends OutputSchema | undefined>(
    input: RunInput,
    options: TurnOptions<Schema>,
  ) {
    const { client } = this.#services;
    const output: PreparedOutput<OutputOf<Schema>> = prepareOutput(options.outputSchema);
    const params = toTurnParams(this.id, toWireInput(input), options, output.wireSchema);
    const { route, hasJoined } = await startTurn(client, params, options);
    const { idleTimeoutMs, signal } = options;
    return { handle: new TurnHandle({ client, route, output, idleTimeoutMs, signal }), hasJoined };
  }
}
