import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "vitest";

import { waitUntilGone } from "./processes.js";
import { initializeResult } from "./wire.js";

const FAKE = fileURLToPath(new URL("fakeAppServer.mjs", import.meta.url));

/** One thing that the fake does, in the order of its list. `answer` and `error` answer the message that set it off. */
export type FakeAction =
  | { readonly answer: unknown }
  | { readonly answerTo: number | string; readonly result: unknown }
  | {
      readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
    }
  | { readonly send: unknown }
  /** Text as it stands, with no newline added. */
  | { readonly raw: string }
  | { readonly base64: string }
  | { readonly stderr: string; readonly times?: number }
  /** All in one write. */
  | { readonly together: readonly FakeAction[] }
  /** Cut at these byte offsets, or after each so many bytes; each piece a write of its own. */
  | {
      readonly split: readonly FakeAction[];
      readonly every?: number;
      readonly offsets?: readonly number[];
    }
  /** The message so many times in one write; `$i` in it is the number of the copy. */
  | { readonly repeat: unknown; readonly times: number }
  /** The message with its one `$huge` replaced by so many characters. */
  | { readonly huge: unknown; readonly bytes: number; readonly character: string }
  | { readonly delay: number }
  /** Writes the time of this moment into the log. */
  | { readonly mark: string }
  | { readonly exit: number }
  | { readonly kill: NodeJS.Signals }
  | { readonly close: "stdin" | "stdout" }
  | { readonly ignore: "SIGTERM" | "stdinEnd" }
  | { readonly stopReading: true }
  /** A process that keeps stdout and stderr open, in the fake's process group or one of its own. */
  | { readonly grandchild: { readonly ownGroup?: boolean; readonly chatty?: boolean } };

export interface FakeScript {
  /** Done before anything is read. */
  readonly start?: readonly FakeAction[];
  /** The same, in place of `start`, the first time that the fake is started. */
  readonly firstStart?: readonly FakeAction[];
  /**
   * What to do on a message of this method (`answer <id>` for the answer to a request of the fake):
   * one list for every time, or one for each time. `initialize` is answered unless it is in here.
   */
  readonly on?: Readonly<
    Record<string, readonly FakeAction[] | readonly (readonly FakeAction[])[]>
  >;
  /** Done when stdin has ended, before the exit. */
  readonly onStdinEnd?: readonly FakeAction[];
  /** The exit status after the end of stdin. Default 0. */
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
  /** When the mark was made, in milliseconds since 1970. */
  readonly atMs?: number;
}

export interface WireMessage {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** A scripted runtime. Its disposal fails when a process of it is still there. */
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

  /** An executable that is the fake, as `codexPath` wants one. */
  async executable(): Promise<string> {
    const path = join(this.#folder, "codex");
    const command = this.launchArgs.map((argument) => `'${argument}'`).join(" ");
    await writeFile(path, `#!/bin/sh\nexec ${command} "$@"\n`);
    await chmod(path, 0o755);
    return path;
  }

  /** What each start was given. */
  get starts(): LogEntry[] {
    return this.log().filter(({ kind }) => kind === "started");
  }

  /** What has come in so far, of one method or of all, the handshake left out. */
  received(method?: string): WireMessage[] {
    return this.log()
      .flatMap(({ message }) => (message === undefined ? [] : [message]))
      .filter((message) =>
        method === undefined
          ? message.method !== "initialize" && message.method !== "initialized"
          : message.method === method,
      );
  }

  /** The answers that the fake got to its own requests. */
  answers(): WireMessage[] {
    return this.received().filter(({ method }) => method === undefined);
  }

  /** When this mark was made, in milliseconds since 1970. */
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
    // The runtime itself is gone when close() resolves; what it started follows a moment later.
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
