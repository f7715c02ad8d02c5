import childProcess from "node:child_process";
import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { syncBuiltinESMExports } from "node:module";
import { Readable, Writable } from "node:stream";

import type { WireMessage } from "./fakeAppServer.js";
import { initializeResult } from "./wire.js";

/** Writes messages, one a line, all in one chunk. */
export type Send = (...messages: unknown[]) => void;

/** Acts on one message of the client. The handshake is answered unless `onInitialize` is set. */
export type Play = (message: WireMessage, send: Send) => void;

/** The program name that `spawn` recognises; the next argument is the id of a `LinkedRuntime`. */
const LINKED = "linked-runtime";
const runtimes = new Map<string, LinkedRuntime>();
const realSpawn = childProcess.spawn;

/** Takes the place of `spawn`: a linked runtime gets a child in memory, all else a real process. */
function spawnLinked(file: string, args: readonly string[], options: object): unknown {
  const runtime = args[0] === LINKED ? runtimes.get(args[1] ?? "") : undefined;
  if (runtime !== undefined) return runtime.connect();
  // SAFETY: the arguments are those of the caller of `spawn`, passed through unchanged.
  return realSpawn(file, args as string[], options as childProcess.SpawnOptions);
}

/**
 * A runtime in the test's own process: the SDK starts it like any other, with `launchArgs`, and gets a
 * child whose pipes are in memory. What the test writes reaches the SDK in the same tick, cut into the
 * chunks in which it was written.
 */
export class LinkedRuntime implements Disposable {
  /** Every message of the client, in order, the handshake left out. */
  readonly received: WireMessage[] = [];
  play: Play;
  /** The result of `initialize`. */
  initialize: unknown = initializeResult();
  readonly #id = randomUUID();
  #child: LinkedChild | undefined;

  constructor(play: Play = () => {}) {
    this.play = play;
    if (runtimes.size === 0) setSpawn(spawnLinked);
    runtimes.set(this.#id, this);
  }

  /** The options that make a client use this runtime. */
  get options(): { readonly launchArgs: readonly string[] } {
    return { launchArgs: [process.execPath, LINKED, this.#id] };
  }

  /** The child that `spawn` returns. */
  connect(): LinkedChild {
    this.#child = new LinkedChild((message) => this.#act(message));
    return this.#child;
  }

  readonly send: Send = (...messages) => {
    this.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
  };

  /** Writes one chunk to the client. Does nothing once the runtime has ended. */
  write(chunk: string | Buffer): void {
    this.#child?.write(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  }

  /** Ends the runtime, as if it had exited. */
  exit(exitCode = 0): void {
    this.#child?.exit(exitCode);
  }

  [Symbol.dispose](): void {
    this.exit();
    runtimes.delete(this.#id);
    if (runtimes.size === 0) setSpawn(realSpawn);
  }

  #act(message: WireMessage): void {
    if (message.method === "initialized") return;
    if (message.method === "initialize") {
      this.send({ id: message.id, result: this.initialize });
      return;
    }
    this.received.push(message);
    this.play(message, this.send);
  }
}

/** As much of a `ChildProcess` as a transport needs. */
class LinkedChild extends EventEmitter {
  readonly pid = undefined;
  readonly stdout = new Readable({ read() {} });
  readonly stderr = new Readable({ read() {} });
  readonly stdin: Writable;
  #rest = "";
  #hasExited = false;

  constructor(onMessage: (message: WireMessage) => void) {
    super();
    this.stdin = new Writable({
      decodeStrings: false,
      write: (chunk, _encoding, done) => {
        const lines = `${this.#rest}${chunk}`.split("\n");
        this.#rest = lines.pop() ?? "";
        // The client's write has returned before the runtime reads it.
        setImmediate(() => {
          for (const line of lines) onMessage(parse(line));
        });
        done();
      },
      final: (done) => {
        setImmediate(() => this.exit(0));
        done();
      },
    });
    setImmediate(() => this.emit("spawn"));
  }

  write(bytes: Buffer): void {
    if (!this.#hasExited) this.stdout.push(bytes);
  }

  exit(exitCode: number | null, signal: NodeJS.Signals | null = null): void {
    if (this.#hasExited) return;
    this.#hasExited = true;
    const pipes = [this.stdout, this.stderr];
    let open = pipes.length;
    for (const pipe of pipes) {
      pipe.once("close", () => {
        open -= 1;
        if (open === 0) this.emit("close", exitCode, signal);
      });
      pipe.push(null);
    }
    this.stdin.destroy();
    this.emit("exit", exitCode, signal);
  }

  kill(signal: NodeJS.Signals = "SIGTERM"): boolean {
    this.exit(null, signal);
    return true;
  }

  unref(): void {}

  ref(): void {}
}

function setSpawn(spawn: unknown): void {
  Object.assign(childProcess, { spawn });
  syncBuiltinESMExports();
}

/** A line that is not JSON is a message, too, so that a test sees that the client wrote it. */
function parse(line: string): WireMessage {
  try {
    return JSON.parse(line);
  } catch {
    return { method: "unparsable", params: { line } };
  }
}
