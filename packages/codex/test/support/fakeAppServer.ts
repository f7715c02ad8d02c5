import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "vitest";

import type { FakeAction } from "./fakeActions.js";
import { waitUntilGone } from "./processes.js";
import { initializeResult } from "./wire.js";

export type { FakeAction } from "./fakeActions.js";

const FAKE = fileURLToPath(new URL("fakeAppServer.mjs", import.meta.url));

export interface FakeScript {
  /** Actions before the first message is read. */
  readonly start?: readonly FakeAction[];
  /** Replaces `start` when the fake is started for the first time. */
  readonly firstStart?: readonly FakeAction[];
  /**
   * Actions on a message of a method (`answer <id>` for the response to a request of the fake): one list
   * for every time, or one list for each time. `initialize` is answered unless it is listed here.
   */
  readonly on?: Readonly<
    Record<string, readonly FakeAction[] | readonly (readonly FakeAction[])[]>
  >;
  /** Actions after the end of stdin, before the exit. */
  readonly onStdinEnd?: readonly FakeAction[];
  /**
   * The exit status after the end of stdin.
   *
   * @default 0
   */
  readonly exitCode?: number;
}

interface LogEntry {
  readonly kind:
    | "started"
    | "received"
    | "stdinEnded"
    | "grandchild"
    | "signal"
    | "writeFailed"
    | "mark";
  readonly pid?: number;
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: string;
  readonly message?: WireMessage;
  readonly mark?: string;
  /** Time of the mark, in milliseconds since 1970. */
  readonly atMs?: number;
}

export interface WireMessage {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** A scripted runtime in a child process. Its disposal fails when one of its processes is still alive. */
export class FakeAppServer implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(script: FakeScript = {}): Promise<FakeAppServer> {
    const server = new FakeAppServer(await mkdtemp(join(tmpdir(), "codex-fake-")));
    const on = { initialize: [{ answer: initializeResult() }], ...script.on };
    const lists = Object.entries(on).map(([method, actions]) => [
      method,
      Array.isArray(actions[0]) ? actions : [actions],
    ]);
    const whole = {
      start: [],
      onStdinEnd: [],
      exitCode: 0,
      ...script,
      on: Object.fromEntries(lists),
    };
    await writeFile(server.#scriptFile, JSON.stringify({ ...whole, logFile: server.#logFile }));
    await writeFile(server.#logFile, "");
    return server;
  }

  get launchArgs(): string[] {
    return [process.execPath, FAKE, this.#scriptFile];
  }

  /** Makes an executable that runs the fake, for `codexPath`. It is a shell script, so not for Windows. */
  async executable(): Promise<string> {
    const path = join(this.#folder, "codex");
    const command = this.launchArgs.map((argument) => `'${argument}'`).join(" ");
    await writeFile(path, `#!/bin/sh\nexec ${command} "$@"\n`);
    await chmod(path, 0o755);
    return path;
  }

  /** Returns the log entry of each start: arguments, folder and variables. */
  get starts(): LogEntry[] {
    return this.log().filter(({ kind }) => kind === "started");
  }

  /** Returns the messages received so far, of one method or of all, without the handshake. */
  received(method?: string): WireMessage[] {
    return this.log()
      .flatMap(({ message }) => (message === undefined ? [] : [message]))
      .filter((message) =>
        method === undefined
          ? message.method !== "initialize" && message.method !== "initialized"
          : message.method === method,
      );
  }

  /** Returns the responses to the requests of the fake. */
  answers(): WireMessage[] {
    return this.received().filter(({ method }) => method === undefined);
  }

  /** Returns the time of a mark, in milliseconds since 1970. */
  markedAt(mark: string): number | undefined {
    return this.log().find((entry) => entry.mark === mark)?.atMs;
  }

  get pids(): number[] {
    return this.log().flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  log(): LogEntry[] {
    const lines = readFileSync(this.#logFile, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The runtime has ended when close() resolves; the processes that it started end a moment later.
    const alive = await waitUntilGone(this.pids, 1000);
    for (const pid of alive) process.kill(pid, "SIGKILL");
    await rm(this.#folder, { recursive: true, force: true });
    // oxlint-disable-next-line vitest/no-standalone-expect
    expect(alive, "processes of the fake that are left").toEqual([]);
  }

  get #scriptFile(): string {
    return join(this.#folder, "script.json");
  }

  get #logFile(): string {
    return join(this.#folder, "log.jsonl");
  }
}
