import { AppServerClient } from "../client/appServerClient.js";
import type { InitializeMetadata } from "../client/handshake.js";
import type { ClientOptions } from "../client/options.js";
import { Thread } from "./thread.js";
import { type StartThreadOptions, toStartParams } from "./threadOptions.js";

/** The options of `new Codex()`. All are optional. */
export type CodexOptions = ClientOptions;

/**
 * The Codex agent, run by one `codex app-server` of its own. Starts it on first use; `close()`, or
 * `await using`, ends it. A program that never closes it is kept alive by it.
 */
export class Codex implements AsyncDisposable {
  /** The typed low-level client beneath, for what has no method here. */
  readonly client: AppServerClient;

  /** Starts nothing. Throws an `InvalidOptionError` for options that cannot work. */
  constructor(options: CodexOptions = {}) {
    this.client = new AppServerClient(options);
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

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Starts a new thread (`thread/start`). Its approval mode is `auto_review` unless told otherwise.
   *
   * @throws InvalidOptionError before anything is sent; JsonRpcError for what the runtime refuses.
   */
  async startThread(options: StartThreadOptions = {}): Promise<Thread> {
    const { thread } = await this.client.request("thread/start", toStartParams(options));
    return new Thread(this.client, thread.id);
  }
}
