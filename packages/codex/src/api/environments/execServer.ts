/// <reference lib="esnext.disposable" preserve="true" />
import type { ExecServerProcess } from "../../client/execServerProcess.js";
import { CLIENT_OPTIONS } from "../../client/options.js";
import type { ExitFacts } from "../../errors.js";
import {
  checkBoolean,
  checkDuration,
  checkOptions,
  checkSignal,
  type OptionCheck,
  optionsOf,
} from "../../internal/validate.js";

const DEFAULT_START_TIMEOUT_MS = 30_000;
const DEFAULT_CLOSE_TIMEOUT_MS = 2_000;

/** Options of `codexExecServer()`. */
export interface ExecServerOptions {
  /** Path of the runtime's executable. Defaults to the installed runtime. */
  readonly codexPath?: string | undefined;
  /** Working directory of the executor. Defaults to that of this process. */
  readonly cwd?: string | undefined;
  /** Variables of the executor and of its commands, over those of `inheritEnv`. `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Variables of this process that the executor and its commands get: all, only the base set that programs
   * need to run (`false`), or the base set and those named.
   *
   * @default false
   */
  readonly inheritEnv?: boolean | readonly string[] | undefined;
  /**
   * Time limit of the start, in milliseconds.
   *
   * @default 30_000
   */
  readonly startTimeoutMs?: number | undefined;
  /**
   * Time for each step of the end (close, SIGTERM, SIGKILL), in milliseconds.
   *
   * @default 2_000
   */
  readonly closeTimeoutMs?: number | undefined;
  /** Aborting ends a start that has not ended, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Returns the check that a client has for an option of the same name. */
function checkOf(name: "codexPath" | "cwd" | "env" | "inheritEnv"): OptionCheck {
  return CLIENT_OPTIONS.get(name) ?? checkBoolean;
}

const EXEC_SERVER_OPTIONS = optionsOf<ExecServerOptions>({
  codexPath: checkOf("codexPath"),
  cwd: checkOf("cwd"),
  env: checkOf("env"),
  inheritEnv: checkOf("inheritEnv"),
  startTimeoutMs: checkDuration,
  closeTimeoutMs: checkDuration,
  signal: checkSignal,
});

/** An executor of commands (`codex exec-server`) on this machine. Made by `codexExecServer()`. */
export class ExecServer implements AsyncDisposable {
  readonly #process: ExecServerProcess;

  /** @internal */
  constructor(process: ExecServerProcess) {
    this.#process = process;
  }

  /** Id of the process. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Address for `codex.addEnvironment()`, on the loopback interface. */
  get url(): string {
    return this.#process.url;
  }

  /** Token for `codex.addEnvironment()`, without which the executor refuses a connection. */
  get token(): string {
    return this.#process.token;
  }

  /** Resolves with the end of the process, whatever its cause. Never rejects. */
  get exited(): Promise<ExitFacts> {
    return this.#process.exited;
  }

  /** Ends the executor and its commands. Idempotent. */
  close(): Promise<void> {
    return this.#process.close();
  }

  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Starts an executor of commands on this machine (`codex exec-server`), on a free port of the loopback
 * interface. Its commands get none of the variables of this process unless `inheritEnv` or `env` name
 * them. It ends with this process at the latest.
 *
 * @example
 * ```ts
 * const cwd = process.cwd();
 * const server = await codexExecServer({ cwd });
 * await codex.addEnvironment({ id: "box", url: server.url, token: server.token });
 * const thread = await codex.startThread({ environments: [{ id: "box", cwd }] });
 * console.log(thread.settings?.cwd === cwd);
 * await server.close();
 * ```
 *
 * @throws InvalidOptionError; CodexStartError when the runtime is missing, cannot run, ends at once or
 * stays silent.
 */
export async function codexExecServer(options: ExecServerOptions = {}): Promise<ExecServer> {
  checkOptions("codexExecServer()", options, EXEC_SERVER_OPTIONS);
  const { startExecServer } = await import("../../client/processStarts.js");
  const process = await startExecServer({
    ...options,
    signal: options.signal,
    startTimeoutMs: options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS,
    closeTimeoutMs: options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS,
  });
  return new ExecServer(process);
}
