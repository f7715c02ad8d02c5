import type { RuntimeClient } from "../client/runtimeClient.js";
import { raceAbort } from "../internal/abort.js";
import { KeyedQueue } from "../internal/keyedQueue.js";
import { checkText } from "../internal/validate.js";
import type { AcquireOptions, TurnSlot } from "../router/threadQueue.js";
import type { CallerState, RequestOptions } from "../rpc/requestOptions.js";
import type { StoreOptions } from "./codexOptions.js";
import { openThread, type OpenedThread, type ThreadRequest } from "./openThread.js";
import { ThreadKeeper } from "./portable/threadKeeper.js";
import { applySettings, checkCarriedSettings, checkSettings } from "./settings/applySettings.js";
import { withFolders } from "./settings/checkFolder.js";
import { checkLoadedOptions } from "./settings/checkLoadedOptions.js";
import { checkSettingOptions } from "./settings/checkSettingOptions.js";
import { askedSettings, type AskedSettings } from "./settings/compareSettings.js";
import { inheritSettings, restoreSettings } from "./settings/inheritSettings.js";
import { restoreLostThread } from "./settings/restoreLostThread.js";
import type { SettingsServices } from "./settings/settingsServices.js";
import { settingsOfResponse, workspaceWriteOf } from "./settings/storedSettings.js";
import { ThreadSettingsStore } from "./settings/threadSettingsStore.js";
import { type HandlerDefaults, ThreadHandlers } from "./threadHandlers.js";
import {
  checkForkOptions,
  checkResumeOptions,
  checkStartOptions,
  type ForkThreadOptions,
  type ResumeThreadOptions,
  type StartThreadOptions,
  toForkParams,
  toResumeParams,
  toStartParams,
} from "./threadOptions.js";
import { waitWithin } from "./timeLimit.js";

/** A resume that several callers wait for; it ends when the last of them has left. */
interface SharedResume {
  readonly done: Promise<unknown>;
  readonly left: AbortController;
  waiters: number;
}

/** Opens threads: sends the request, binds the handlers, and brings the settings in line. */
export class ThreadOpener implements SettingsServices {
  readonly runtime: RuntimeClient;
  readonly settings: ThreadSettingsStore;
  /** Changes of settings: each builds on what the one before it has made of the thread. */
  readonly updates = new KeyedQueue();
  /** Keeps the threads in a store; `undefined` without one. */
  readonly keeper: ThreadKeeper | undefined;
  readonly #handlers: ThreadHandlers;
  readonly #resuming = new Map<string, SharedResume>();

  /** @throws InvalidOptionError for defaults that cannot work. */
  constructor(
    runtime: RuntimeClient,
    defaults: HandlerDefaults,
    { threadStore, threadLeaseMs }: StoreOptions,
  ) {
    this.runtime = runtime;
    this.#handlers = new ThreadHandlers(runtime, defaults);
    this.settings = new ThreadSettingsStore(runtime);
    this.keeper = threadStore && new ThreadKeeper(this, threadStore, threadLeaseMs);
    runtime.onThreadRestored = (...thread) => restoreLostThread(this, ...thread);
    runtime.gauges.set("threadResumes", () => this.#resuming.size);
    runtime.gauges.set("settingsUpdates", () => this.updates.size);
  }

  /** Starts a thread (`thread/start`) and returns its id. */
  async start(given: StartThreadOptions): Promise<string> {
    checkStartOptions(given);
    const options = withFolders(this.runtime, this.#handlers.withDefaults(given));
    const params = toStartParams(options);
    const dynamicTools = this.#handlers.toDynamicTools(options.tools);
    const withTools = dynamicTools === undefined ? params : { ...params, dynamicTools };
    const sandbox = checkSettingOptions(this.runtime, options);
    const asked = askedSettings(this.#compared(params, given), { ...options, ...sandbox });
    return waitWithin("thread/start", options, async (signal) => {
      const { stored } = await openThread(
        this.runtime,
        "thread/start",
        withTools,
        { signal },
        (opened, { hasLeft }) => {
          const { id } = opened.stored;
          if (hasLeft) this.#leave(id);
          else this.#note(opened, params, () => this.#handlers.start(id, options));
        },
      );
      const { networkAccess, additionalDirectories, ...atStart } = asked;
      // What the runtime has not taken over at the start, it does not take over later.
      checkSettings(this, stored.id, atStart);
      if (networkAccess !== undefined || additionalDirectories !== undefined) {
        const later = askedSettings({}, { ...options, ...sandbox });
        await this.#apply(stored.id, later, { signal });
      }
      await this.keeper?.adopt(stored.id, options.ephemeral === true);
      return stored.id;
    });
  }

  /** Resumes a thread (`thread/resume`), which may be in the store only. */
  async resume(threadId: string, given: ResumeThreadOptions): Promise<string> {
    checkText("threadId", threadId);
    checkResumeOptions(given);
    const { keeper } = this;
    if (keeper === undefined) return this.#resume(threadId, given);
    return this.#leased(keeper, "thread/resume", threadId, given, async (options) => {
      const id = await this.#resume(threadId, options);
      await keeper.restore(threadId, options.signal);
      return id;
    });
  }

  async #resume(threadId: string, given: ResumeThreadOptions): Promise<string> {
    const options = withFolders(this.runtime, given);
    const params = toResumeParams(threadId, options);
    this.#handlers.checkRebound(threadId, options.tools);
    const sandbox = checkSettingOptions(this.runtime, options);
    if (this.runtime.threadStates.subscriptions.has(threadId)) checkLoadedOptions(options);
    const settings = askedSettings(params, { ...options, ...sandbox });
    const had = this.settings.unloaded(threadId);
    const asked = had === undefined ? settings : restoreSettings(settings, had, params);
    const id = await this.#reopen("thread/resume", params, options, asked);
    if (had?.isCarried === true) checkCarriedSettings(this, threadId, asked, had);
    this.settings.noteRestored(threadId);
    return id;
  }

  /** Forks a thread (`thread/fork`) and returns the id of the fork. */
  async fork(threadId: string, given: ForkThreadOptions): Promise<string> {
    checkText("threadId", threadId);
    checkForkOptions(given);
    const { keeper } = this;
    if (keeper === undefined) return this.#fork(threadId, given);
    return this.#leased(keeper, "thread/fork", threadId, given, async (options) => {
      const id = await this.#fork(threadId, options);
      await keeper.adopt(id, given.ephemeral === true);
      return id;
    });
  }

  async #fork(threadId: string, given: ForkThreadOptions): Promise<string> {
    const options = withFolders(this.runtime, given);
    const params = toForkParams(threadId, options);
    this.#handlers.checkRebound(threadId, options.tools);
    const sandbox = checkSettingOptions(this.runtime, options);
    const settings = askedSettings(params, { ...options, ...sandbox });
    const source = this.settings.get(threadId) ?? this.settings.unloaded(threadId);
    const asked = source === undefined ? settings : inheritSettings(settings, source, params);
    return this.#reopen("thread/fork", params, options, asked, threadId);
  }

  /** Brings a thread back from the archive (`thread/unarchive`), which does not load it. */
  async unarchive(threadId: string, options: RequestOptions): Promise<string> {
    checkText("threadId", threadId);
    const params = { threadId };
    const { stored } = await openThread(
      this.runtime,
      "thread/unarchive",
      params,
      options,
      () => {},
    );
    return stored.id;
  }

  /**
   * Returns whether this connection receives the notifications of the thread, and the thread has its
   * settings: a resume may have failed to restore them.
   */
  isSubscribed(threadId: string): boolean {
    return (
      this.runtime.threadStates.subscriptions.has(threadId) &&
      this.keeper?.holds(threadId) !== false &&
      this.settings.unloaded(threadId) === undefined
    );
  }

  /**
   * Resumes the thread (`thread/resume`) unless this connection is subscribed to it: a turn of a thread
   * that is only loaded reports its status, and nothing else. Callers at the same time share one request.
   */
  async subscribe(threadId: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.isSubscribed(threadId)) return;
    const resume = this.#resuming.get(threadId) ?? this.#startResume(threadId);
    resume.waiters += 1;
    try {
      await raceAbort(resume.done, signal);
    } finally {
      resume.waiters -= 1;
      // The next caller sends a request of its own, in place of waiting for one that nobody waits for.
      if (resume.waiters === 0) {
        if (this.#resuming.get(threadId) === resume) this.#resuming.delete(threadId);
        resume.left.abort(signal?.reason);
      }
    }
  }

  /**
   * Takes the slot of a thread that this connection is subscribed to, as `ThreadQueue.acquire`, and waits
   * for changes of its settings. The thread may have been unloaded while the caller waited for the slot: it
   * is resumed again then.
   *
   * @throws ThreadBusyError, or the signal's reason.
   */
  async acquire(threadId: string, options: AcquireOptions): Promise<TurnSlot> {
    const { signal } = options;
    if (!this.isSubscribed(threadId)) await this.subscribe(threadId, signal);
    const slot = await this.runtime.router.threads.acquire(threadId, options);
    try {
      if (!this.isSubscribed(threadId)) await this.subscribe(threadId, signal);
      const updated = this.updates.settled(threadId);
      if (updated !== undefined) await raceAbort(updated, signal);
      return slot;
    } catch (error) {
      slot.release();
      throw error;
    }
  }

  /** Opens a thread that may be in the store only, under its lease. */
  #leased<Options extends ResumeThreadOptions>(
    keeper: ThreadKeeper,
    method: ThreadRequest,
    threadId: string,
    given: Options,
    open: (options: Options) => Promise<string>,
  ): Promise<string> {
    const cwd = withFolders(this.runtime, given).cwd ?? undefined;
    const isKept = () => this.isSubscribed(threadId);
    return waitWithin(method, given, (signal) =>
      keeper.use(threadId, { cwd, signal, isKept }, () =>
        open({ ...given, timeoutMs: undefined, signal }),
      ),
    );
  }

  #startResume(threadId: string): SharedResume {
    const left = new AbortController();
    const done = this.resume(threadId, { signal: left.signal });
    done.catch(() => {});
    const resume = { done, left, waiters: 0 };
    this.#resuming.set(threadId, resume);
    return resume;
  }

  async #reopen(
    method: ThreadRequest,
    params: object,
    options: ResumeThreadOptions,
    asked: AskedSettings,
    sourceThreadId?: string,
  ): Promise<string> {
    const sent = this.#withoutTurns(params);
    return waitWithin(method, options, async (signal) => {
      const onOpened = (opened: OpenedThread, { hasLeft }: CallerState) => {
        const { id } = opened.stored;
        const given = hasLeft ? {} : options;
        if (hasLeft && sourceThreadId !== undefined) this.#leave(id);
        else this.#note(opened, params, () => this.#handlers.rebind(id, given, sourceThreadId));
      };
      const { stored } = await openThread(this.runtime, method, sent, { signal }, onOpened);
      await this.#apply(stored.id, asked, { signal });
      return stored.id;
    });
  }

  /** Unsubscribes from a new thread whose caller left before the response: nobody knows its id. */
  #leave(threadId: string): void {
    this.runtime.cleanUp("thread/unsubscribe", { threadId });
  }

  #apply(threadId: string, asked: AskedSettings, options: RequestOptions): Promise<void> {
    return this.updates.run(threadId, () => applySettings(this, threadId, asked, options));
  }

  /** Puts handlers and settings in force, in the tick in which the response is read. */
  #note({ stored, response }: OpenedThread, params: object, bind: () => void): void {
    bind();
    this.settings.note(stored.id, { ...settingsOfResponse(response), ...workspaceWriteOf(params) });
  }

  /** The default mode of a new thread is not something that its caller asked for. */
  #compared(params: object, { onApproval, approvalMode }: StartThreadOptions): object {
    if (onApproval !== undefined || approvalMode !== undefined) return params;
    return { ...params, approvalPolicy: undefined, approvalsReviewer: undefined };
  }

  /** Leaves out the history that nobody asked for; the member needs the experimental API. */
  #withoutTurns(params: object): object {
    const canExclude = this.runtime.options.experimentalApi ?? true;
    return canExclude ? { excludeTurns: true, ...params } : params;
  }
}
