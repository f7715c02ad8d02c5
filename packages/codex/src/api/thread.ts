import type { ThreadGoal, TurnStartParams } from "@openai/codex-types";

import { CodexProtocolError } from "../errors.js";
import type { TurnResult } from "../errors/turnResult.js";
import { isGiven } from "../internal/validate.js";
import { type RequestOptions, toRequestOptions } from "../rpc/requestOptions.js";
import { toResponseObject } from "./checkResponse.js";
import { toGoal } from "./goals/goalFold.js";
import type { GoalHandle, GoalResult } from "./goals/goalHandle.js";
import type { GoalOptions } from "./goals/goalOptions.js";
import { resumeGoal, startGoal } from "./goals/startGoal.js";
import { type RunInput, toTurnInput } from "./input.js";
import { namesSkills, withKnownSkills } from "./knownSkills.js";
import {
  type OutputOf,
  type OutputSchema,
  type PreparedOutput,
  prepareOutput,
} from "./output/outputSchema.js";
import { checkRequestOptions } from "./readOptions.js";
import { asksForPolicy, toCheckedPolicy } from "./settings/checkedPolicy.js";
import { withFolders } from "./settings/checkFolder.js";
import { checkSettingOptions } from "./settings/checkSettingOptions.js";
import { type ThreadSettings, toThreadSettings } from "./settings/threadSettings.js";
import { updateThreadSettings, type UpdateSettingsOptions } from "./settings/updateSettings.js";
import type { ThreadOpener } from "./threadOpener.js";
import type { ForkThreadOptions } from "./threadOptions.js";
import { ThreadRecord } from "./threadRecord.js";
import { threadRequest } from "./threadRequest.js";
import { openWithin } from "./timeLimit.js";
import { compactThread } from "./turns/compactThread.js";
import { openTurn } from "./turns/openTurn.js";
import { type ReviewOptions, reviewThread } from "./turns/reviewThread.js";
import { joinedControlOf, TurnHandle } from "./turns/turnHandle.js";
import {
  checkTurnOptions,
  type TurnOptions,
  startOnlyOption,
  toTurnParams,
} from "./turns/turnOptions.js";

/**
 * A conversation that the runtime stores. Made by `startThread`, `resumeThread`, `forkThread` or
 * `codex.thread(id)`. Methods that need the thread open resume it first.
 */
export class Thread extends ThreadRecord {
  readonly #opener: ThreadOpener;

  /** @internal */
  constructor(opener: ThreadOpener, id: string) {
    super(opener, id);
    this.#opener = opener;
  }

  /**
   * The thread's settings, as the runtime has last reported them, by responses and by notifications.
   * `undefined` until this client has opened the thread, and after its end.
   */
  get settings(): ThreadSettings | undefined {
    const stored = this.#opener.settings.get(this.id);
    return stored === undefined ? undefined : toThreadSettings(stored);
  }

  /**
   * Changes settings of the thread for later turns (`thread/settings/update`), and checks that the
   * runtime reports them. A running turn keeps the sandbox that it started with.
   *
   * @example
   * ```ts
   * await thread.updateSettings({ effort: "high", sandbox: "workspace-write" });
   * console.log(thread.settings?.effort);
   * ```
   *
   * @throws InvalidOptionError before anything is sent; SettingsNotAppliedError when the runtime reports
   * another setting than the one asked for.
   */
  async updateSettings(options: UpdateSettingsOptions): Promise<void> {
    return updateThreadSettings(this.#opener, this.id, options);
  }

  /**
   * Runs one turn to its end (`turn/start`) and returns its result.
   *
   * @example
   * ```ts
   * const { finalResponse, turnUsage } = await thread.run("Fix the failing test.", { effort: "high" });
   * console.log(finalResponse, turnUsage?.totalTokens);
   * ```
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
   * @example
   * ```ts
   * const turn = await thread.turn("Explain the build.");
   * for await (const event of turn.stream()) {
   *   if (event.method === "item/agentMessage/delta") process.stdout.write(event.params.delta);
   * }
   * const { status } = await turn.result;
   * ```
   *
   * @throws as `run`, but for what happens after the start.
   */
  async turn<Schema extends OutputSchema | undefined = undefined>(
    input: RunInput,
    options: TurnOptions<Schema> = {},
  ): Promise<TurnHandle<OutputOf<Schema>>> {
    return this.#open(input, options, true);
  }

  /**
   * Summarises the history, to make room in the model's context (`thread/compact/start`). It is a
   * turn of its own, and this waits for its end.
   *
   * @throws ThreadBusyError when the thread has an active turn; TurnFailedError when it fails.
   */
  async compact(options?: RequestOptions): Promise<TurnResult> {
    return compactThread(this.#opener, this.id, options);
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
   * @example
   * ```ts
   * const goal = await thread.startGoal("Make all tests pass.", { tokenBudget: 500_000 });
   * const { goal: ended } = await goal.result;
   * console.log(ended?.status);
   * ```
   *
   * @throws ThreadBusyError when the thread has an active turn or goal; InvalidOptionError for an objective
   * or an option that cannot work, and for an ephemeral thread; InvalidRequestError when the runtime has
   * no goals (`features.goals`); GoalStartTimeoutError when it starts no turn in time.
   */
  async startGoal(objective: string, options?: GoalOptions): Promise<GoalHandle> {
    return startGoal(this.#opener, this.id, objective, options);
  }

  /**
   * Pauses the thread's goal (`thread/goal/set`): its current turn continues to its end, and no further
   * one starts. Returns the goal.
   *
   * @throws InvalidRequestError when the thread does not have a goal.
   */
  async pauseGoal(options?: RequestOptions): Promise<ThreadGoal> {
    checkRequestOptions("pauseGoal", options);
    const { runtime } = this.#opener;
    const params = { threadId: this.id, status: "paused" } as const;
    const request = toRequestOptions(options);
    const goal = toGoal(await threadRequest(runtime, "thread/goal/set", params, request));
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
    return resumeGoal(this.#opener, this.id, options);
  }

  /** The thread's goal as it stands (`thread/goal/get`), or `null`. */
  async goal(options?: RequestOptions): Promise<ThreadGoal | null> {
    checkRequestOptions("goal", options);
    const params = { threadId: this.id };
    const request = toRequestOptions(options);
    const response = await threadRequest(this.#opener.runtime, "thread/goal/get", params, request);
    return toGoal(toResponseObject("thread/goal/get", response)) ?? null;
  }

  /**
   * Removes the thread's goal (`thread/goal/clear`), and returns whether there was one. A turn of it
   * that runs continues to its end; `GoalHandle.interrupt` stops it, too.
   */
  async clearGoal(options?: RequestOptions): Promise<boolean> {
    checkRequestOptions("clearGoal", options);
    const params = { threadId: this.id };
    const request = toRequestOptions(options);
    const response = await threadRequest(
      this.#opener.runtime,
      "thread/goal/clear",
      params,
      request,
    );
    return toResponseObject("thread/goal/clear", response)["cleared"] === true;
  }

  /**
   * Starts a review of code (`review/start`), as a turn on the thread.
   *
   * @throws ThreadBusyError when the thread has an active turn.
   */
  review(options: ReviewOptions): Promise<TurnHandle> {
    return reviewThread(this.#opener, this.id, options);
  }

  /**
   * Starts a new thread with the history of this one (`thread/fork`). See `codex.forkThread`.
   *
   * @example
   * ```ts
   * const fork = await thread.fork();
   * console.log((await fork.run("What could be better?")).finalResponse);
   * ```
   */
  async fork(options: ForkThreadOptions = {}): Promise<Thread> {
    return new Thread(this.#opener, await this.#opener.fork(this.id, options));
  }

  async #open<Schema extends OutputSchema | undefined>(
    input: RunInput,
    given: TurnOptions<Schema>,
    isRead: boolean,
  ): Promise<TurnHandle<OutputOf<Schema>>> {
    const { runtime } = this.#opener;
    checkTurnOptions(given);
    const options = withFolders(runtime, given);
    const sandbox = checkSettingOptions(runtime, options);
    const output: PreparedOutput<OutputOf<Schema>> = prepareOutput(options.outputSchema);
    const turnInput = toTurnInput(input, {
      isLocal: runtime.connector.isLocal,
      maySteer: options.whenBusy === "steer",
    });
    const params = toTurnParams(this.id, turnInput, options, output.wireSchema);
    const { updates } = this.#opener;
    const complete = (checked: TurnStartParams) => {
      if (!asksForPolicy(sandbox)) return updates.settled(this.id)?.then(() => checked);
      return updates.run(this.id, async () => ({
        ...checked,
        sandboxPolicy: await toCheckedPolicy(this.#opener, this.id, sandbox),
      }));
    };
    return openWithin("turn/start", options, async (limit) => {
      const { signal } = limit;
      const { idleTimeoutMs, whenBusy } = options;
      if (!this.#opener.isSubscribed(this.id)) await this.#opener.subscribe(this.id, signal);
      const skillFolder = isGiven(options.environments)
        ? undefined
        : { cwd: options.cwd ?? this.#opener.settings.get(this.id)?.cwd };
      const items = namesSkills(params.input)
        ? await withKnownSkills(runtime, params.input, skillFolder, signal)
        : params.input;
      const opening = {
        whenBusy,
        signal,
        isRead,
        startOnly: startOnlyOption(options),
        complete,
      };
      const start = { ...params, input: items };
      return openTurn(this.#opener, start, opening, ({ hasJoined, ...turn }) => {
        const control = hasJoined ? joinedControlOf(runtime, turn.route) : undefined;
        const keeping = this.#opener.keeper;
        const parts = {
          ...turn,
          runtime,
          output,
          skillFolder,
          idleTimeoutMs,
          limit,
          control,
          keeping,
        };
        return new TurnHandle(parts);
      });
    });
  }
}
