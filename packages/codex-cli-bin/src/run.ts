import { spawn } from "node:child_process";
import { constants } from "node:os";

import { prependToPath, type Environment } from "./environment.js";
import { CodexCliBinError } from "./errors.js";
import { explainSpawnError } from "./executable.js";
import { thisHost, type Host } from "./host.js";
import { withOwner } from "./managedInstall.js";
import { isNativeExecutable } from "./nativeExecutable.js";
import { findRuntime } from "./resolve.js";

/** Options of {@link runCodex}. */
export interface RunOptions {
  /**
   * Root folder of the installed package whose command this process runs. The runtime receives it, and
   * the package manager that owns it, for `codex doctor` and update hints. By default it receives neither.
   */
  readonly packageRoot?: string;
}

/**
 * Runs the runtime in place of this process, with the same standard streams and environment.
 *
 * Where Node can replace its process (`process.execve`: Node 22.15 and later, except on Windows) this
 * does not return. Otherwise the runtime is a child process: signals are forwarded, and this process
 * ends with the runtime's exit status or by the runtime's signal. If there is no runtime to run, the
 * reason is written to stderr and the exit status is 1.
 *
 * @param args the arguments of the command, without the program.
 */
export function runCodex(args: readonly string[], options: RunOptions = {}): void {
  try {
    runFound(args, thisHost(), options.packageRoot);
  } catch (error) {
    fail(error);
  }
}

function runFound(args: readonly string[], host: Host, packageRoot: string | undefined): void {
  const { codexPath, pathDir } = findRuntime(host);
  const owned =
    packageRoot === undefined ? host.env : withOwner(host.env, packageRoot, process.argv[1]);
  const env = pathDir === null ? owned : prependToPath(owned, pathDir, host.platform);
  replaceProcess(codexPath, args, env, host);
  runAsChild(codexPath, args, env, host);
}

/** Returns only if this process cannot be replaced. */
function replaceProcess(file: string, args: readonly string[], env: Environment, host: Host): void {
  // The types of Node 20 do not have it.
  const execve: unknown = Reflect.get(process, "execve");
  // Node has the function on Windows too, where calling it is not supported.
  if (host.platform === "win32" || typeof execve !== "function") return;
  if (!isNativeExecutable(file, host.arch)) return;
  // Node ignores these two signals, and an ignored signal stays ignored in the new program. One with a
  // handler gets its default action back.
  for (const signal of ["SIGPIPE", "SIGXFSZ"] as const) process.on(signal, () => {});
  const defined = Object.entries(env).filter(([, value]) => value !== undefined);
  try {
    Reflect.apply(execve, process, [file, [file, ...args], Object.fromEntries(defined)]);
  } catch {
    // Not available here (a worker thread, a permission model). A child process reports its own failure.
  }
}

function runAsChild(file: string, args: readonly string[], env: Environment, host: Host): void {
  const child = spawn(file, args, { stdio: "inherit", windowsHide: true, env });
  const forwarded = forwardedSignals(host.platform).map((signal) => {
    // Windows delivers console signals to every process of the console, and a signal sent by Node would
    // end the runtime at once. It is enough that this process outlives them.
    const onSignal = (): void => void (host.platform === "win32" || child.kill(signal));
    process.on(signal, onSignal);
    return () => process.off(signal, onSignal);
  });
  const stopForwarding = (): void => forwarded.forEach((stop) => stop());
  child.once("error", (error) => {
    stopForwarding();
    fail(explainSpawnError(file, "the Codex runtime", error, host.platform, { env }));
  });
  child.once("exit", (status, signal) => {
    stopForwarding();
    if (signal === null) {
      process.exitCode = status ?? 1;
      return;
    }
    // The status that a shell would report, in case Node ignores the signal (SIGPIPE).
    process.exitCode = 128 + constants.signals[signal];
    process.kill(process.pid, signal);
  });
}

function forwardedSignals(platform: string): readonly NodeJS.Signals[] {
  return platform === "win32" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
}

function fail(error: unknown): void {
  if (!(error instanceof CodexCliBinError)) {
    throw error;
  }
  process.stderr.write(`codex: ${error.message}\n`);
  process.exitCode = 1;
}
