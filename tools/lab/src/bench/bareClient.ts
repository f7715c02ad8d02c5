import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

/** Message of the app-server, with the members that the bench reads. */
export interface WireMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly threadId?: string; readonly turn?: { readonly id: string } };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Command line of the app-server. */
export interface BareLaunch {
  readonly command: readonly [file: string, ...args: string[]];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The least that a client does: spawns the app-server, splits lines, parses them and resolves requests
 * by their ids. It checks nothing and routes nothing.
 */
export class BareClient {
  onNotification: (message: WireMessage) => void = () => undefined;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #pending = new Map<number, (message: WireMessage) => void>();
  #nextId = 0;
  /** Chunks of the line that has not ended yet. */
  #rest: string[] = [];

  constructor({ command: [file, ...args], cwd, env }: BareLaunch) {
    this.#child = spawn(file, args, {
      stdio: ["pipe", "pipe", "ignore"],
      windowsHide: true,
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
    });
    this.#child.stdout.setEncoding("utf8").on("data", (chunk: string) => this.#read(chunk));
  }

  /** Performs the handshake. */
  async start(): Promise<void> {
    await this.request("initialize", {
      clientInfo: { name: "codex_bench", title: null, version: "0.0.0" },
      capabilities: { experimentalApi: true },
    });
    this.#child.stdin.write('{"method":"initialized"}\n');
  }

  async request(method: string, params: unknown): Promise<unknown> {
    const id = this.#nextId++;
    const response = new Promise<WireMessage>((resolve) => this.#pending.set(id, resolve));
    this.#child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
    const { result, error } = await response;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  async close(): Promise<void> {
    const exited = once(this.#child, "exit");
    this.#child.stdin.end();
    this.#child.kill();
    await exited;
  }

  #read(chunk: string): void {
    this.#rest.push(chunk);
    if (!chunk.includes("\n")) return;
    const lines = this.#rest.join("").split("\n");
    this.#rest = [lines.pop() ?? ""];
    for (const line of lines) {
      const message: WireMessage = JSON.parse(line);
      const resolve = message.id === undefined ? undefined : this.#pending.get(message.id);
      if (message.id === undefined || resolve === undefined) {
        this.onNotification(message);
        continue;
      }
      this.#pending.delete(message.id);
      resolve(message);
    }
  }
}
