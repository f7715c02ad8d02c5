/// <reference lib="esnext.disposable" preserve="true" />
import type {
  GetAccountResponse,
  ModelListResponse,
  PluginSkillReadParams,
  PluginSkillReadResponse,
  ServerNotification,
  Thread as StoredThread,
  ThreadArchiveResponse,
  ThreadDeleteResponse,
  ThreadListResponse,
} from "@openai/codex-types";

import { CodexClient } from "../client/codexClient.js";
import type { InitializeMetadata } from "../client/handshake.js";
import type { ClientOptions } from "../client/options.js";
import { RuntimeClient } from "../client/runtimeClient.js";
import { checkObject, checkOptions, checkText, optionsOf } from "../internal/validate.js";
import { iteratePages } from "./iteratePages.js";
import {
  type ChatgptLoginHandle,
  type DeviceCodeLoginHandle,
  loginWithApiKey,
  loginWithChatgpt,
  loginWithDeviceCode,
} from "./login.js";
import { openThread, type ThreadRequest } from "./openThread.js";
import {
  ACCOUNT_OPTIONS,
  type AccountOptions,
  MODELS_OPTIONS,
  type ModelsOptions,
  type WaitOptions,
} from "./readOptions.js";
import { applySettings, checkSettings } from "./settings/applySettings.js";
import { askedSettings } from "./settings/compareSettings.js";
import { settingsOfResponse } from "./settings/storedSettings.js";
import { ThreadSettingsStore } from "./settings/threadSettingsStore.js";
import { Thread } from "./thread.js";
import { type ThreadHandlerOptions, ThreadHandlers } from "./threadHandlers.js";
import {
  type ForkThreadOptions,
  type ListThreadsOptions,
  type ResumeThreadOptions,
  type StartThreadOptions,
  checkListOptions,
  toForkParams,
  toListParams,
  toResumeParams,
  toStartParams,
} from "./threadOptions.js";
import { type ReviewOptions, reviewThread } from "./turns/reviewThread.js";
import type { TurnHandle } from "./turns/turnHandle.js";

const PLUGIN_SKILL_PARAMS = optionsOf<PluginSkillReadParams>({
  remoteMarketplaceName: true,
  remotePluginId: true,
  skillName: true,
});

/** The options of `new Codex()`. All are optional. */
export type CodexOptions = ClientOptions;

/**
 * The Codex agent, run by one `codex app-server` of its own. Starts it on first use; `close()`, or
 * `await using`, ends it. A program that never closes it is kept alive by it.
 */
export class Codex implements AsyncDisposable {
  /** Low-level client, for app-server methods that `Codex` does not wrap. */
  readonly client: CodexClient;
  readonly #runtime: RuntimeClient;
  readonly #handlers: ThreadHandlers;
  readonly #settings: ThreadSettingsStore;

  /** Starts nothing. Throws an `InvalidOptionError` for options that cannot work. */
  constructor(options?: CodexOptions) {
    this.#runtime = new RuntimeClient(options);
    this.client = new CodexClient(this.#runtime);
    this.#handlers = new ThreadHandlers(this.#runtime);
    this.#settings = new ThreadSettingsStore(this.#runtime);
  }

  /** Who answered (`initialize`). Throws a `CodexNotStartedError` before the start. */
  get metadata(): InitializeMetadata {
    return this.client.metadata;
  }

  /**
   * Starts the runtime and shakes hands. Every method that needs the runtime does so by itself.
   * Idempotent; a failed start leaves nothing behind and may be tried again.
   *
   * @throws CodexStartError when the runtime is missing, cannot run, ends at once or stays silent.
   */
  start(): Promise<void> {
    return this.client.start();
  }

  /** Ends the runtime. Whoever still waits is rejected with a `CodexClosedError`. Idempotent. */
  close(): Promise<void> {
    return this.client.close();
  }

  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Starts a new thread (`thread/start`). Its approval mode is `auto_review` unless told otherwise.
   *
   * @throws InvalidOptionError before anything is sent; JsonRpcError for what the runtime refuses;
   * SettingsNotAppliedError when the runtime reports another setting than the one asked for.
   */
  async startThread(options: StartThreadOptions = {}): Promise<Thread> {
    const params = toStartParams(options);
    const dynamicTools = this.#handlers.toDynamicTools(options.tools);
    const withTools = dynamicTools === undefined ? params : { ...params, dynamicTools };
    return this.#open("thread/start", withTools, options);
  }

  /**
   * Resumes a stored thread (`thread/resume`). Omitted options keep the thread's stored values.
   * `onApproval` and `tools` are not persisted; pass them again. On a thread that the runtime has loaded,
   * options that differ from its settings are changed there (`thread/settings/update`); a running turn
   * keeps the sandbox that it started with. The runtime does not store the sandbox "workspace-write" of a
   * thread for a later process, which gets the configuration's sandbox: pass `sandbox` again.
   *
   * @throws ThreadNotFoundError when the thread does not exist or is archived; ThreadInUseError when
   * another process has it open; SettingsNotAppliedError when the runtime reports another setting than
   * the one asked for.
   */
  async resumeThread(threadId: string, options: ResumeThreadOptions = {}): Promise<Thread> {
    checkText("threadId", threadId);
    const params = toResumeParams(threadId, options);
    this.#handlers.toDynamicTools(options.tools);
    return this.#open("thread/resume", this.#withoutTurns(params), options);
  }

  /**
   * Starts a new thread with the history of another (`thread/fork`). Omitted options keep the values of
   * the source thread.
   *
   * @throws ThreadNotFoundError when the thread does not exist.
   */
  async forkThread(threadId: string, options: ForkThreadOptions = {}): Promise<Thread> {
    checkText("threadId", threadId);
    const params = toForkParams(threadId, options);
    this.#handlers.toDynamicTools(options.tools);
    return this.#open("thread/fork", this.#withoutTurns(params), options, threadId);
  }

  /** One page of the stored threads, newest first (`thread/list`). One without a turn is not listed. */
  async listThreads(options: ListThreadsOptions = {}): Promise<ThreadListResponse> {
    return this.#runtime.request("thread/list", toListParams(options));
  }

  /** Iterates over the stored threads, page after page (`thread/list`); `limit` is the size of a page. */
  iterateThreads(options: ListThreadsOptions = {}): AsyncGenerator<StoredThread, void, undefined> {
    checkListOptions(options);
    return iteratePages("thread/list", options.cursor, (cursor) =>
      this.listThreads({ ...options, cursor }),
    );
  }

  /** Puts a thread into the archive (`thread/archive`). */
  async archiveThread(threadId: string): Promise<ThreadArchiveResponse> {
    checkText("threadId", threadId);
    return this.#runtime.request("thread/archive", { threadId });
  }

  /** Brings a thread back from the archive (`thread/unarchive`); resume it before its next turn. */
  async unarchiveThread(threadId: string): Promise<Thread> {
    checkText("threadId", threadId);
    return this.#open("thread/unarchive", { threadId }, {});
  }

  /** Deletes a thread for good (`thread/delete`). One that a fork builds on is refused. */
  async deleteThread(threadId: string): Promise<ThreadDeleteResponse> {
    checkText("threadId", threadId);
    return this.#runtime.request("thread/delete", { threadId });
  }

  /** The models to choose from (`model/list`). */
  async models(options: ModelsOptions = {}): Promise<ModelListResponse> {
    checkOptions("models", options, MODELS_OPTIONS);
    const { includeHidden = false } = options;
    return this.#runtime.request("model/list", { includeHidden });
  }

  /**
   * Starts a review of code (`review/start`), as a turn on the thread.
   *
   * @throws ThreadBusyError when the thread has an active turn.
   */
  review(threadId: string, options: ReviewOptions): Promise<TurnHandle> {
    return reviewThread(this.#runtime, threadId, options);
  }

  /**
   * Reads a skill of a plugin that is not installed (`plugin/skill/read`): its markdown, or `null`.
   *
   * @throws JsonRpcError when nobody is signed in with ChatGPT, or there is no such skill.
   */
  async readPluginSkill(params: PluginSkillReadParams): Promise<PluginSkillReadResponse> {
    checkObject("params", params);
    checkOptions("readPluginSkill", params, PLUGIN_SKILL_PARAMS);
    for (const name of PLUGIN_SKILL_PARAMS.keys()) checkText(name, Reflect.get(params, name));
    return this.#runtime.request("plugin/skill/read", params);
  }

  /** Logs in with an API key (`account/login/start`), which the runtime stores. */
  loginApiKey(apiKey: string): Promise<void> {
    return loginWithApiKey(this.#runtime, apiKey);
  }

  /** Starts a login with ChatGPT in the browser (`account/login/start`); replaces one that waits. */
  loginChatgpt(): Promise<ChatgptLoginHandle> {
    return loginWithChatgpt(this.#runtime);
  }

  /** Starts a login with ChatGPT on another device (`account/login/start`); replaces one that waits. */
  loginChatgptDeviceCode(): Promise<DeviceCodeLoginHandle> {
    return loginWithDeviceCode(this.#runtime);
  }

  /** Who is logged in (`account/read`); `refreshToken` has the token refreshed first. */
  async account(options: AccountOptions = {}): Promise<GetAccountResponse> {
    checkOptions("account", options, ACCOUNT_OPTIONS);
    const { refreshToken = false } = options;
    return this.#runtime.request("account/read", { refreshToken });
  }

  /** Logs out (`account/logout`); a login that waits ends. */
  async logout(): Promise<void> {
    await this.#runtime.request("account/logout");
  }

  /**
   * Every notification that is no followed turn's and no login attempt's, from now on. Ends with the
   * loop, with the signal's reason, or with the connection. What is not read is kept: leave the loop,
   * or abort the signal, when no more is wanted.
   *
   * @throws NotificationBacklogError, after all that waited, when more than 16,384 are unread;
   * CodexClosedError or TransportClosedError when the connection ends.
   */
  notifications(options?: WaitOptions): AsyncIterableIterator<ServerNotification> {
    return this.client.notifications(options);
  }

  async #open(
    method: ThreadRequest,
    params: object,
    options: ThreadHandlerOptions & Pick<StartThreadOptions, "approvalMode">,
    sourceThreadId?: string,
  ): Promise<Thread> {
    // The default mode of a new thread is not something that its caller asked for.
    const isModeAsked = options.onApproval !== undefined || options.approvalMode !== undefined;
    const {
      approvalPolicy: _policy,
      approvalsReviewer: _reviewer,
      ...others
    }: Readonly<Record<string, unknown>> = {
      ...params,
    };
    const compared = isModeAsked ? params : others;
    const asked = askedSettings(compared, options.onApproval !== undefined);
    const { stored } = await openThread(this.#runtime, method, params, {}, (opened) => {
      const { id } = opened.stored;
      this.#handlers.set(id, options, sourceThreadId);
      this.#settings.note(id, settingsOfResponse(opened.response));
    });
    const settingsServices = { runtime: this.#runtime, settings: this.#settings };
    if (method === "thread/start") checkSettings(settingsServices, stored.id, asked);
    else await applySettings(settingsServices, stored.id, asked);
    const services = {
      runtime: this.#runtime,
      forkThread: (threadId: string, forkOptions?: ForkThreadOptions) =>
        this.forkThread(threadId, forkOptions),
    };
    return new Thread(services, stored.id);
  }

  /** Leaves out the history that nobody asked for; the member needs the experimental API. */
  #withoutTurns<Params extends { excludeTurns?: boolean }>(params: Params): Params {
    const canExclude = this.#runtime.options.experimentalApi ?? true;
    return canExclude ? { excludeTurns: true, ...params } : params;
  }
}
