/// <reference lib="esnext.disposable" preserve="true" />
import type {
  ServerNotification,
  Thread as StoredThread,
  ThreadArchiveResponse,
  ThreadDeleteResponse,
  ThreadListResponse,
  ThreadSearchResponse,
} from "@openai/codex-types";

import { CodexClient } from "../client/codexClient.js";
import type { InitializeMetadata } from "../client/handshake.js";
import { RuntimeClient } from "../client/runtimeClient.js";
import { checkOptions, checkText } from "../internal/validate.js";
import { type RequestOptions, toRequestOptions } from "../rpc/requestOptions.js";
import { checkedOptions, type CodexOptions } from "./codexOptions.js";
import { CodexServices } from "./codexServices.js";
import { iteratePages } from "./iteratePages.js";
import { checkListOptions, type ListThreadsOptions, toListParams } from "./listOptions.js";
import type { ImportThreadOptions } from "./portable/importThread.js";
import type { ThreadBundle } from "./portable/threadBundle.js";
import { checkRequestOptions, type WaitOptions } from "./readOptions.js";
import { SEARCH_OPTIONS, type SearchThreadsOptions } from "./serviceOptions.js";
import { withListFolders } from "./settings/checkFolder.js";
import { Thread } from "./thread.js";
import { ThreadOpener } from "./threadOpener.js";
import {
  type ForkThreadOptions,
  type ResumeThreadOptions,
  type StartThreadOptions,
} from "./threadOptions.js";
import type { ReviewOptions } from "./turns/reviewThread.js";
import type { TurnHandle } from "./turns/turnHandle.js";
import { withoutRequestOptions } from "./wireOptions.js";

/**
 * The Codex agent, run by one `codex app-server` of its own. Starts the app-server on first use;
 * `close()`, or `await using`, ends it.
 *
 * @example
 * ```ts
 * const codex = new Codex();
 * const thread = await codex.startThread({ sandbox: "read-only" });
 * console.log((await thread.run("Summarise this folder.")).finalResponse);
 * await codex.close();
 * ```
 */
export class Codex extends CodexServices implements AsyncDisposable {
  /** Low-level client, for app-server methods that `Codex` does not wrap. */
  readonly client: CodexClient;
  readonly #runtime: RuntimeClient;
  readonly #opener: ThreadOpener;

  /** Starts nothing. Throws an `InvalidOptionError` for options that cannot work. */
  constructor(options?: CodexOptions) {
    const { onApproval, tools, threadStore, threadLeaseMs, ...clientOptions } =
      checkedOptions(options);
    const runtime = new RuntimeClient(clientOptions);
    const opener = new ThreadOpener(runtime, { onApproval, tools }, { threadStore, threadLeaseMs });
    super(opener);
    this.#runtime = runtime;
    this.#opener = opener;
    this.client = new CodexClient(runtime);
  }

  /** Server metadata of the `initialize` handshake. Throws a `CodexNotStartedError` before the start. */
  get metadata(): InitializeMetadata {
    return this.client.metadata;
  }

  /**
   * Starts the runtime and performs the handshake. Every method that needs the runtime does so by itself.
   * Idempotent; a failed start leaves nothing behind and may be tried again.
   *
   * @throws CodexStartError when the runtime is missing, cannot run, ends at once or stays silent.
   */
  start(): Promise<void> {
    return this.client.start();
  }

  /**
   * Ends the runtime. Whoever still waits is rejected with a `CodexClosedError`. With a `threadStore`, saves
   * that are under way end before, and leases after. Idempotent.
   */
  close(): Promise<void> {
    const { keeper } = this.#opener;
    return keeper === undefined ? this.client.close() : keeper.closeAround(this.client);
  }

  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Starts a new thread (`thread/start`). Its approval mode is `auto_review` by default.
   *
   * @example
   * ```ts
   * const thread = await codex.startThread({ cwd: process.cwd(), sandbox: "workspace-write" });
   * console.log(thread.settings?.sandbox);
   * ```
   *
   * @throws InvalidOptionError before anything is sent; JsonRpcError for what the runtime refuses;
   * SettingsNotAppliedError when the runtime reports another setting than the one asked for.
   */
  async startThread(options: StartThreadOptions = {}): Promise<Thread> {
    return this.thread(await this.#opener.start(options));
  }

  /**
   * Returns the handle of a stored thread, without a request. The methods that need the thread open
   * resume it (`thread/resume`) first, with the settings that it has, unless this client has it open.
   */
  thread(threadId: string): Thread {
    checkText("threadId", threadId);
    return new Thread(this.#opener, threadId);
  }

  /**
   * Resumes a stored thread (`thread/resume`). Omitted options keep the thread's stored values.
   * `onApproval` and `tools` are not persisted; pass them again in another client. On a thread that the runtime has loaded,
   * options that differ from its settings are changed there (`thread/settings/update`); a running turn
   * keeps the sandbox that it started with. The runtime does not store the sandbox "workspace-write" of a
   * thread. A client that has had the thread open restores it; another client gets the configuration's
   * sandbox: pass `sandbox` again.
   *
   * @example
   * ```ts
   * const thread = await codex.resumeThread(threadId, { sandbox: "workspace-write" });
   * console.log((await thread.run("Where were we?")).finalResponse);
   * ```
   *
   * @throws ThreadNotFoundError when the thread does not exist or is archived; ThreadInUseError when
   * another process has it open; SettingsNotAppliedError when the runtime reports another setting than
   * the one asked for.
   */
  async resumeThread(threadId: string, options: ResumeThreadOptions = {}): Promise<Thread> {
    return this.thread(await this.#opener.resume(threadId, options));
  }

  /**
   * Starts a new thread with the history of another (`thread/fork`). Omitted options keep the values of
   * the source thread: sandbox, model, effort, summary and service tier as this client knows them, by
   * `thread/settings/update`. Of a source that this client has not opened, the runtime restores what it
   * has stored; the sandbox "workspace-write", model, effort, summary and service tier are the configuration's
   * then.
   *
   * @throws ThreadNotFoundError when the thread does not exist; SettingsNotAppliedError when the runtime
   * reports another setting than the one asked for, or than the source's.
   */
  async forkThread(threadId: string, options: ForkThreadOptions = {}): Promise<Thread> {
    return this.thread(await this.#opener.fork(threadId, options));
  }

  /** Reads one page of the stored threads, newest first (`thread/list`). Threads without turns are not included. */
  async listThreads(options: ListThreadsOptions = {}): Promise<ThreadListResponse> {
    const params = withListFolders(this.#runtime, toListParams(options));
    return this.#runtime.request("thread/list", params, toRequestOptions(options));
  }

  /** Reads one page of the stored threads whose text matches a query, with a snippet each (`thread/search`). */
  async searchThreads(
    query: string,
    options: SearchThreadsOptions = {},
  ): Promise<ThreadSearchResponse> {
    checkText("query", query);
    checkOptions("searchThreads", options, SEARCH_OPTIONS);
    const params = { ...withoutRequestOptions(options), searchTerm: query };
    return this.#runtime.request("thread/search", params, toRequestOptions(options));
  }

  /**
   * Iterates over the stored threads, page after page (`thread/list`); `limit` is the size of a page.
   *
   * @example
   * ```ts
   * for await (const { name, preview } of codex.iterateThreads()) console.log(name ?? preview);
   * ```
   */
  iterateThreads(options: ListThreadsOptions = {}): AsyncGenerator<StoredThread, void, undefined> {
    checkListOptions(options);
    return iteratePages("thread/list", options.cursor, (cursor) =>
      this.listThreads({ ...options, cursor }),
    );
  }

  /** Puts a thread into the archive (`thread/archive`). */
  async archiveThread(threadId: string, options?: RequestOptions): Promise<ThreadArchiveResponse> {
    return this.thread(threadId).archive(options);
  }

  /** Brings a thread back from the archive (`thread/unarchive`). Its next turn resumes it. */
  async unarchiveThread(threadId: string, options?: RequestOptions): Promise<Thread> {
    checkRequestOptions("unarchiveThread", options);
    return this.thread(await this.#opener.unarchive(threadId, toRequestOptions(options)));
  }

  /** Deletes a thread for good (`thread/delete`). One that a fork builds on is refused. */
  async deleteThread(threadId: string, options?: RequestOptions): Promise<ThreadDeleteResponse> {
    return this.thread(threadId).delete(options);
  }

  /**
   * Exports a thread as plain JSON, to be stored anywhere and imported into another home: its rollout, those
   * of its sub-agents, its name, goal and effective settings (`thread/read`, `thread/list`, `thread/goal/get`).
   * The rollouts are read from the disk of this machine.
   *
   * @example
   * ```ts
   * const bundle = await codex.exportThread(threadId);
   * console.log(JSON.stringify(bundle).length, bundle.manifest.settings.sandboxPolicy.type);
   * ```
   *
   * @throws ThreadBusyError while a turn runs; ThreadNotPortableError when the runtime's files are not on
   * this machine, the thread is ephemeral, archived without a turn, truncated, or another one's, or its
   * sandbox is not known.
   */
  async exportThread(threadId: string, options?: RequestOptions): Promise<ThreadBundle> {
    const { exportThread } = await import("./portable/carrying.js");
    return exportThread(this.#opener, threadId, options);
  }

  /**
   * Puts an exported thread into the home of this client's runtime and resumes it there (`thread/resume`),
   * under its id, with the sandbox, the approval policy, the model, the effort, the name and the goal that it
   * had. The bundle is checked as a whole first. A goal that was active is paused: see
   * `Thread.resumeGoal`. Leaves nothing behind when it rejects.
   *
   * @example
   * ```ts
   * const thread = await codex.importThread(bundle, { cwd: process.cwd() });
   * console.log((await thread.run("Where were we?")).finalResponse);
   * ```
   *
   * @throws InvalidOptionError for a bundle that was changed, cut or made by another version;
   * ThreadConflictError when the home has another version of the thread; SettingsNotAppliedError when the
   * runtime does not take over a setting; ThreadNotPortableError when the home is not on this machine.
   */
  async importThread(bundle: ThreadBundle, options: ImportThreadOptions = {}): Promise<Thread> {
    const { importThread } = await import("./portable/carrying.js");
    return this.thread(await importThread(this.#opener, bundle, options));
  }

  /**
   * Starts a review of code (`review/start`), as a turn on the thread.
   *
   * @throws ThreadBusyError when the thread has an active turn.
   */
  async review(threadId: string, options: ReviewOptions): Promise<TurnHandle> {
    return this.thread(threadId).review(options);
  }

  /**
   * Iterates over the notifications that no turn handle and no login handle receives. Ends with the
   * loop, with the signal's reason, or with the connection. What is not read is kept: leave the loop,
   * or abort the signal, when no more is wanted.
   *
   * @throws NotificationBacklogError, after all that waited, when more than 16,384 are unread;
   * CodexClosedError or TransportClosedError when the connection ends.
   */
  notifications(options?: WaitOptions): AsyncIterableIterator<ServerNotification> {
    return this.client.notifications(options);
  }
}
