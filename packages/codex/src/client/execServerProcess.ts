import { createHash, randomBytes } from "node:crypto";

import { CodexStartError, type ExitFacts } from "../errors.js";
import { onAbort } from "../internal/abort.js";
import { SecretMasker, secretValuesOf } from "../internal/secrets.js";
import { clearTimeout, setTimeout } from "../internal/timers.js";
import { ChildProcess } from "../transport/childProcess.js";
import { describeExitStatus } from "../transport/exitStatus.js";
import { LineDecoder } from "../transport/lineDecoder.js";
import { StderrTail, withoutColours } from "../transport/stderrTail.js";
import {
  explainSpawnFailure,
  type LaunchCommand,
  type ProcessOptions,
  toRuntimeCommand,
} from "./launch.js";

/** Longest line of the output that is read; the address is far shorter. */
const MAX_LINE_BYTES = 65_536;

/**
 * Replaces the shell by the executor, which does not watch its stdin, beside a process that does: when the
 * host dies, the system closes the pipe, and the whole process group is ended.
 */
const WATCHED = [
  "exec 3<&0 </dev/null",
  "(trap '' TERM; cat <&3; kill -TERM 0; sleep 2; kill -KILL 0) >/dev/null 2>&1 &",
  'exec "$@" 3<&-',
].join("\n");

/** Checked options of the process. */
export interface ExecServerSettings extends ProcessOptions {
  readonly signal: AbortSignal | undefined;
  readonly startTimeoutMs: number;
  readonly closeTimeoutMs: number;
}

/** A `codex exec-server` that listens. */
export interface ExecServerProcess {
  readonly pid: number | undefined;
  readonly url: string;
  readonly token: string;
  /** Resolves with the end of the process. Never rejects. */
  readonly exited: Promise<ExitFacts>;
  /** Ends the process and its commands. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts `codex exec-server` on a free port of the loopback interface, and waits for its address. Only who
 * has the token may connect. The process ends with its stdin, so that it does not outlive this one.
 *
 * @throws CodexStartError, or the signal's reason. Leaves nothing behind then.
 */
export async function startExecServer(settings: ExecServerSettings): Promise<ExecServerProcess> {
  const { signal, startTimeoutMs, closeTimeoutMs } = settings;
  signal?.throwIfAborted();
  const token = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(token).digest("hex");
  const command = toRuntimeCommand({ inheritEnv: false, ...settings }, [
    "exec-server",
    "--listen",
    "ws://127.0.0.1:0",
    "--ws-auth",
    "capability-token",
    "--ws-token-sha256",
    hash,
  ]);
  const secrets = new SecretMasker([...secretValuesOf(command.env), token]);
  const child = await ChildProcess.spawn(endingWithStdin(command)).catch((error: unknown) => {
    throw explainSpawnFailure(command, error);
  });
  const stderrTail = new StderrTail();
  const stderr = new LineDecoder(MAX_LINE_BYTES);
  child.stderr.on("data", (chunk: Buffer) => {
    for (const line of stderr.push(chunk)) stderrTail.push(secrets.mask(withoutColours(line)));
  });
  const exited = child.exit.then((exit) => ({ ...exit, stderrTail: stderrTail.text() }));
  try {
    const url = await addressOf(child, exited, startTimeoutMs, signal);
    // An idle executor does not keep the host alive.
    child.holdHost(false);
    return {
      pid: child.pid,
      url,
      token,
      exited,
      close: () => child.end(closeTimeoutMs).then(() => {}),
    };
  } catch (error) {
    await child.end(closeTimeoutMs);
    throw error;
  }
}

/** Windows has neither the shell nor process groups: an executor there outlives a host that is killed. */
function endingWithStdin(command: LaunchCommand): LaunchCommand {
  if (process.platform === "win32") return command;
  const { file, args } = command;
  return { ...command, file: "/bin/sh", args: ["-c", WATCHED, "sh", file, ...args] };
}

/** Waits for the line with the address, until the process ends, the time has passed, or the signal aborts. */
function addressOf(
  child: ChildProcess,
  exited: Promise<ExitFacts>,
  startTimeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const decoder = new LineDecoder(MAX_LINE_BYTES);
    const settle = (act: () => void) => {
      clearTimeout(timer);
      stopListening();
      act();
    };
    const timer = setTimeout(
      () =>
        settle(() =>
          reject(
            new CodexStartError(
              "START_TIMEOUT",
              `codex exec-server did not print its address within ${startTimeoutMs} ms (startTimeoutMs); the process was ended.`,
            ),
          ),
        ),
      startTimeoutMs,
    );
    const stopListening = onAbort(signal, (reason) => settle(() => reject(reason)));
    // Read to the end: a full pipe would stop the process.
    child.stdout.on("data", (chunk: Buffer) => {
      const url = decoder.push(chunk).find((line) => line.startsWith("ws://"));
      if (url !== undefined) settle(() => resolve(url.trim()));
    });
    void exited.then((exit) => settle(() => reject(toExitError(exit))));
  });
}

function toExitError(exit: ExitFacts): CodexStartError {
  const { exitCode, signal, stderrTail } = exit;
  const tail =
    stderrTail === "" ? " It wrote nothing to stderr." : ` The end of its stderr:\n${stderrTail}`;
  return new CodexStartError(
    "RUNTIME_EXITED",
    `codex exec-server ended before it had printed its address (${describeExitStatus(exitCode, signal)}).${tail}`,
    { exit },
  );
}
