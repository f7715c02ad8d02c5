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

import { AppServerClient } from "../client/appServerClient.js";
import type { InitializeMetadata } from "../client/handshake.js";
import type { ClientOptions } from "../client/options.js";
import { CodexProtocolError } from "../errors.js";
import { checkOptions } from "./knownOptions.js";
import {
  type ChatgptLoginHandle,
  type DeviceCodeLoginHandle,
  loginWithApiKey,
  loginWithChatgpt,
  loginWithDeviceCode,
} from "./login.js";
import {
  ACCOUNT_NAMES,
  type AccountOptions,
  MODELS_NAMES,
  type ModelsOptions,
  WAIT_NAMES,
  type WaitOptions,
} from "./readOptions.js";
import { Thread } from "./thread.js";
import { ThreadHandlers } from "./threadHandlers.js";
import {
  type ForkThreadOptions,
  type ListThreadsOptions,
  type ResumeThreadOptions,
  type StartThreadOptions,
  toForkParams,
  toListParams,
  toResumeParams,
  toStartParams,
} from "./threadOptions.js";
import { type ReviewOptions, startReview } from "./turns/reviewThread.js";
import type { TurnHandle } from "./turns/turn.js";

/** The options of `new Codex()`. All are optional. */
export type CodexOptions = ClientOptions;

/**
 * The Codex agent, run by one `codex app-server` of its own. Starts it on first use; `close()`, or
 * `await using`, ends it. A program that never closes it is kept alive by it.
 */
export class Codex implements AsyncDisposable {
  /** The typed low-level client beneath, for what has no method here. */
  readonly client: AppServerClient;
  readonly #handlers: ThreadHandlers;

  /** Starts nothing. Throws an `InvalidOptionError` for options that cannot work. */
  constructor(options: CodexOptions = {}) {
    this.client = new AppServerClient(options);
    this.#handlers = new ThreadHandlers(this.client, options);
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
   * @throws InvalidOptionError before anything is sent; JsonRpcError for what the runtime refuses.
   */
  async startThread(options: StartThreadOptions = {}): Promise<Thread> {
    const dynamicTools = this.#handlers.toDynamicTools(options.tools);
    const { thread } = await this.client.request("thread/start", {
      ...toStartParams(options),
      ...(dynamicTools === undefined ? {} : { dynamicTools }),
    });
    const opened = this.#toThread(thread);
    this.#handlers.set(opened.id, options);
    return opened;
  }

  /**
   * Takes up a stored thread again (`thread/resume`). What is not given stays as the thread has it,
   * but for `onApproval` and `tools`: functions do not outlive a process, and are to be given again.
   *
   * @throws InvalidRequestError when there is no such thread, or it is archived or in use elsewhere.
   */
  async resumeThread(threadId: string, options: ResumeThreadOptions = {}): Promise<Thread> {
    this.#handlers.toDynamicTools(options.tools);
    const params = toResumeParams(threadId, options);
    const { thread } = await this.client.request("thread/resume", params);
    const opened = this.#toThread(thread);
    this.#handlers.set(opened.id, options);
    return opened;
  }

  /**
   * Starts a new thread with the history of another (`thread/fork`). What is not given is as there.
   *
   * @throws InvalidRequestError when there is no such thread.
   */
  async forkThread(threadId: string, options: ForkThreadOptions = {}): Promise<Thread> {
    this.#handlers.toDynamicTools(options.tools);
    const { thread } = await this.client.request("thread/fork", toForkParams(threadId, options));
    const opened = this.#toThread(thread);
    this.#handlers.set(opened.id, options, threadId);
    return opened;
  }

  /** One page of the stored threads, newest first (`thread/list`). One without a turn is not listed. */
  async listThreads(options: ListThreadsOptions = {}): Promise<ThreadListResponse> {
    return this.client.request("thread/list", toListParams(options));
  }

  /** The stored threads, page after page (`thread/list`); `limit` is the size of a page. */
  async *iterateThreads(
    options: ListThreadsOptions = {},
  ): AsyncGenerator<StoredThread, void, undefined> {
    let cursor = options.cursor;
    do {
      const page = await this.listThreads({ ...options, cursor });
      yield* page.data;
      cursor = page.nextCursor;
    } while (typeof cursor === "string");
  }

  /** Puts a thread into the archive (`thread/archive`). */
  archiveThread(threadId: string): Promise<ThreadArchiveResponse> {
    return this.client.request("thread/archive", { threadId });
  }

  /** Brings a thread back from the archive (`thread/unarchive`); resume it before its next turn. */
  async unarchiveThread(threadId: string): Promise<Thread> {
    const { thread } = await this.client.request("thread/unarchive", { threadId });
    return this.#toThread(thread);
  }

  /** Deletes a thread for good (`thread/delete`). One that a fork builds on is refused. */
  deleteThread(threadId: string): Promise<ThreadDeleteResponse> {
    return this.client.request("thread/delete", { threadId });
  }

  /** The models to choose from (`model/list`). */
  async models(options: ModelsOptions = {}): Promise<ModelListResponse> {
    checkOptions("models", options, MODELS_NAMES);
    const { includeHidden = false } = options;
    return this.client.request("model/list", { includeHidden });
  }

  /**
   * Starts a review of code (`review/start`), as a turn on the thread.
   *
   * @throws ThreadBusyError when the thread has an active turn.
   */
  review(threadId: string, options: ReviewOptions): Promise<TurnHandle> {
    return startReview(this.client, threadId, options);
  }

  /**
   * Reads a skill of a plugin that is not installed (`plugin/skill/read`): its markdown, or `null`.
   *
   * @throws JsonRpcError when nobody is signed in with ChatGPT, or there is no such skill.
   */
  readPluginSkill(params: PluginSkillReadParams): Promise<PluginSkillReadResponse> {
    return this.client.request("plugin/skill/read", params);
  }

  /** Logs in with an API key (`account/login/start`), which the runtime stores. */
  loginApiKey(apiKey: string): Promise<void> {
    return loginWithApiKey(this.client, apiKey);
  }

  /** Starts a login with ChatGPT in the browser (`account/login/start`); replaces one that waits. */
  loginChatgpt(): Promise<ChatgptLoginHandle> {
    return loginWithChatgpt(this.client);
  }

  /** Starts a login with ChatGPT on another device (`account/login/start`); replaces one that waits. */
  loginChatgptDeviceCode(): Promise<DeviceCodeLoginHandle> {
    return loginWithDeviceCode(this.client);
  }

  /** Who is logged in (`account/read`); `refreshToken` has the token refreshed first. */
  async account(options: AccountOptions = {}): Promise<GetAccountResponse> {
    checkOptions("account", options, ACCOUNT_NAMES);
    const { refreshToken = false } = options;
    return this.client.request("account/read", { refreshToken });
  }

  /** Logs out (`account/logout`); a login that waits ends. */
  async logout(): Promise<void> {
    await this.client.request("account/logout");
  }

  /**
   * Every notification that is no followed turn's and no login attempt's, from now on. Ends with the
   * loop, with the signal's reason, or with the connection. What is not read is kept: leave the loop,
   * or abort the signal, when no more is wanted.
   *
   * @throws NotificationBacklogError, after all that waited, when more than 16,384 are unread;
   * CodexClosedError or TransportClosedError when the connection ends.
   */
  notifications(options: WaitOptions = {}): AsyncIterableIterator<ServerNotification> {
    checkOptions("notifications", options, WAIT_NAMES);
    return this.client.notifications(options);
  }

  #toThread(stored: StoredThread | undefined): Thread {
    if (typeof stored?.id !== "string") {
      throw new CodexProtocolError("the response that should hold a thread names none");
    }
    const running = stored.turns?.find(({ status }) => status === "inProgress");
    // A turn that another client started would swallow the next one of ours.
    if (running !== undefined) this.client.router.activity.noteRunning(stored.id, running.id);
    return new Thread(
      {
        client: this.client,
        forkThread: (threadId, options) => this.forkThread(threadId, options),
      },
      stored.id,
    );
  }
}
