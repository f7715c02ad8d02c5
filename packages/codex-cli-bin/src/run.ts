import { spawn } from "node:child_process";
import { constants } from "node:os";
import path from "node:path";

import { CodexCliBinError } from "./errors.js";
import { explainSpawnError } from "./executable.js";
import { thisHost, type Host } from "./host.js";
import { findRuntime } from "./resolve.js";

/**
 * Runs the runtime in this process's place, as far as Node can: the same arguments, standard streams and
 * environment; signals are passed on, and this process ends as the runtime does, by the same signal too.
 */
export function runCodex(args: readonly string[], host: Host = thisHost()): void {
  try {
    runFound(args, host);
  } catch (error) {
    fail(error);
  }
}

function runFound(args: readonly string[], host: Host): void {
  const { codexPath, pathDir } = findRuntime(host);
  const child = spawn(codexPath, args, {
    stdio: "inherit",
    windowsHide: true,
    env: pathDir === null ? host.env : withPathDir(host.env, pathDir),
  });
  const forwarded = forwardedSignals(host.platform).map((signal) => {
    // Windows gives console signals to every process of the console, and a "signal" sent by Node would
    // kill there: it is enough that this process outlives them.
    const onSignal = (): void => void (host.platform === "win32" || child.kill(signal));
    process.on(signal, onSignal);
    return () => process.off(signal, onSignal);
  });
  const stopForwarding = (): void => forwarded.forEach((stop) => stop());
  child.once("error", (error) => {
    stopForwarding();
    fail(explainSpawnError(codexPath, "the Codex runtime", error, host.platform));
  });
  child.once("exit", (status, signal) => {
    stopForwarding();
    if (signal === null) {
      process.exitCode = status ?? 1;
      return;
    }
    // What a shell would report, should the signal not end this process (Node ignores SIGPIPE).
    process.exitCode = 128 + constants.signals[signal];
    process.kill(process.pid, signal);
  });
}

function forwardedSignals(platform: string): readonly NodeJS.Signals[] {
  return platform === "win32" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
}

/** The environment with `pathDir` first on its PATH, whatever case that variable's name has (Windows: Path). */
export function withPathDir(
  env: Readonly<Record<string, string | undefined>>,
  pathDir: string,
): Record<string, string | undefined> {
  const key = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const before = env[key];
  return {
    ...env,
    [key]: before === undefined || before === "" ? pathDir : pathDir + path.delimiter + before,
  };
}

function fail(error: unknown): void {
  if (!(error instanceof CodexCliBinError)) {
    throw error;
  }
  process.stderr.write(`codex: ${error.message}\n`);
  process.exitCode = 1;
}
