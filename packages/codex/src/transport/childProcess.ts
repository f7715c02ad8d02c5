import { type ChildProcessByStdio, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Readable, Writable } from "node:stream";

import { createDeferred } from "../internal/deferred.js";
import { clearTimeout, setTimeout } from "../internal/timers.js";
import { endOrphanedCommands, RUNTIME_MARK } from "./orphanedCommands.js";

/** A command to run, without a shell. */
export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** End of a process. Both are `null` when the process could not be waited for. */
export interface ChildExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

const IS_WINDOWS = process.platform === "win32";

/** Time without data after the exit, in milliseconds, before the pipes are closed: a grandchild may hold them open. */
const DRAIN_IDLE_MS = 200;
const DRAIN_LIMIT_MS = 2000;

/**
 * A child process in a process group of its own, with one way to end. The group keeps a Ctrl-C in the
 * host's terminal from ending the runtime without the host, and lets the end reach what is left.
 */
export class ChildProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #exit = createDeferred<ChildExit>();
  #ending: Promise<ChildExit> | undefined;
  #hasExited = false;
  #wasSignalled = false;

  /** Rejects with the system's error (`ENOENT`, `EACCES`, …) when the process cannot be made. */
  static spawn(command: ChildCommand): Promise<ChildProcess> {
    const runtimeId = randomUUID();
    return new Promise((resolve, reject) => {
      const child = spawn(command.file, command.args, {
        cwd: command.cwd,
        env: { ...command.env, [RUNTIME_MARK]: runtimeId },
        stdio: ["pipe", "pipe", "pipe"],
        detached: !IS_WINDOWS,
        windowsHide: true,
      });
      child.once("spawn", () => {
        child.off("error", reject);
        resolve(new ChildProcess(child, runtimeId));
      });
      child.once("error", reject);
    });
  }

  private constructor(child: ChildProcessByStdio<Writable, Readable, Readable>, runtimeId: string) {
    this.#child = child;
    // Errors of the process and its pipes lead to its exit; without a listener each would end the host.
    for (const emitter of [child, child.stdin, child.stdout, child.stderr]) {
      emitter.on("error", () => {});
    }
    child.once("exit", (exitCode, signal) => {
      this.#hasExited = true;
      if (exitCode !== 0) endOrphanedCommands(runtimeId);
      this.#drainPipes();
      child.once("close", () => this.#exit.resolve({ exitCode, signal }));
    });
  }

  /** True if the process was ended by a signal of the SDK. */
  get wasSignalled(): boolean {
    return this.#wasSignalled;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get stdin(): Writable {
    return this.#child.stdin;
  }

  get stdout(): Readable {
    return this.#child.stdout;
  }

  get stderr(): Readable {
    return this.#child.stderr;
  }

  /** Keeps the host process alive, or lets it end, while the child runs. */
  holdHost(isHeld: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    const handles: object[] = [this.#child, stdin, stdout, stderr];
    // The pipes of a child are sockets, which the stream types do not show.
    for (const handle of handles) {
      const name = isHeld ? "ref" : "unref";
      const method: unknown = Reflect.get(handle, name);
      if (typeof method === "function") Reflect.apply(method, handle, []);
    }
  }

  /** Resolves once the process has ended and all that it wrote was read. */
  get exit(): Promise<ChildExit> {
    return this.#exit.promise;
  }

  /**
   * Ends stdin, then sends SIGTERM, then SIGKILL, waiting `graceMs` milliseconds before each next step.
   * A process that not even SIGKILL ends (stuck in the kernel) is let go, so that this always settles.
   */
  end(graceMs: number): Promise<ChildExit> {
    this.#ending ??= this.#climbKillLadder(graceMs);
    return this.#ending;
  }

  async #climbKillLadder(graceMs: number): Promise<ChildExit> {
    const steps = [
      () => this.#child.stdin.end(),
      () => this.#endBySignal("SIGTERM"),
      () => this.#endBySignal("SIGKILL"),
    ];
    for (const step of steps) {
      step();
      // The pipes are not read any more; a full one would keep the process from ending.
      this.#child.stdout.resume();
      this.#child.stderr.resume();
      if (await this.#exitsWithin(graceMs)) return this.#exit.promise;
    }
    this.#letGo();
    return this.#exit.promise;
  }

  #exitsWithin(ms: number): Promise<boolean> {
    if (this.#hasExited) return Promise.resolve(true);
    // The exit itself, not the end of its pipes: a grandchild that holds those must not be waited for.
    return new Promise((resolve) => {
      const onExit = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer: NodeJS.Timeout = setTimeout(() => {
        this.#child.off("exit", onExit);
        resolve(false);
      }, ms);
      this.#child.once("exit", onExit);
    });
  }

  #endBySignal(signal: NodeJS.Signals): void {
    this.#wasSignalled = true;
    this.#signalGroup(signal);
  }

  #letGo(): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const pipe of [stdin, stdout, stderr]) pipe.destroy();
    this.#child.unref();
    this.#exit.resolve({ exitCode: null, signal: null });
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || IS_WINDOWS) {
      this.#child.kill(signal);
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch {
      // The group has ended already.
    }
  }

  /** Reads what is left in the pipes after the exit, but does not let a grandchild keep them open. */
  #drainPipes(): void {
    if (!IS_WINDOWS) this.#signalGroup("SIGKILL");
    const { stdout, stderr } = this.#child;
    let idle: NodeJS.Timeout | undefined;
    // Node runs timers before it reads pipes. After a pause of the host, what is in the pipes comes first.
    const giveUpUnless = (isMeantime: () => boolean) => () =>
      setImmediate(() => {
        if (isMeantime()) return;
        stdout.destroy();
        stderr.destroy();
      });
    const onData = () => {
      clearTimeout(idle);
      const timer: NodeJS.Timeout = setTimeout(
        giveUpUnless(() => idle !== timer),
        DRAIN_IDLE_MS,
      );
      idle = timer;
    };
    onData();
    const limit = setTimeout(
      giveUpUnless(() => false),
      DRAIN_LIMIT_MS,
    );
    stdout.on("data", onData);
    stderr.on("data", onData);
    this.#child.once("close", () => {
      clearTimeout(idle);
      clearTimeout(limit);
    });
  }
}
