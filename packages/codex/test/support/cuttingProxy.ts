import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";

const PAUSE_MS = 20;

/** Behaviour of a proxy towards one connection, by the messages that it has passed on. */
export interface Cut {
  /** Number of messages of the runtime after which the connection is cut; `Infinity` cuts none. */
  readonly afterMessages: number;
  /** Way to end it: at once (`reset`), the two directions one after the other (`halfClose`), or only a pause (`delay`). */
  readonly how: "reset" | "halfClose" | "delay";
}

/**
 * Passes WebSocket traffic on to a runtime, byte by byte, and cuts connections: each by the
 * cut of its place in the list, those behind the list not at all.
 */
export class CuttingProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #cuts: Cut[];
  #isDown = false;
  /** Number of connections so far. */
  connections = 0;
  /** Messages of the runtime that the first connection has passed on. */
  passed = 0;

  private constructor(target: { host: string; port: number }, cuts: readonly Cut[]) {
    this.#cuts = [...cuts];
    this.#server = createServer((client) => this.#serve(client, target));
  }

  /** Starts a proxy in front of the runtime at `url`. */
  static async start(url: string, cuts: readonly Cut[] = []): Promise<CuttingProxy> {
    const { hostname, port } = new URL(url);
    const proxy = new CuttingProxy({ host: hostname, port: Number(port) }, cuts);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The proxy is closed.");
    return `ws://127.0.0.1:${address.port}`;
  }

  /** Cuts every open connection now, and further ones at once until `restore`. */
  goDown(): void {
    this.#isDown = true;
    this.cut();
  }

  /** Serves connections again. */
  restore(): void {
    this.#isDown = false;
  }

  /** Cuts every open connection now. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #serve(client: Socket, target: { host: string; port: number }): void {
    if (this.#isDown) {
      client.resetAndDestroy();
      return;
    }
    this.connections += 1;
    const isFirst = this.connections === 1;
    const cut = this.#cuts.shift() ?? { afterMessages: Infinity, how: "reset" };
    const runtime = connect(target);
    for (const socket of [client, runtime]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        client.destroy();
        runtime.destroy();
      });
    }
    client.pipe(runtime);
    const frames = new FrameCounter();
    const pass = (chunk: Buffer, limit: number) => {
      const { bytes, messages } = frames.take(chunk, limit);
      if (isFirst) this.passed = messages;
      client.write(chunk.subarray(0, bytes));
      return { rest: chunk.subarray(bytes), isAtLimit: messages >= limit };
    };
    const onData = (chunk: Buffer) => {
      const { rest, isAtLimit } = pass(chunk, cut.afterMessages);
      if (!isAtLimit) return;
      runtime.off("data", onData);
      if (cut.how === "delay") void resume(runtime, rest, (later) => pass(later, Infinity));
      else void endBoth(client, runtime, cut.how);
    };
    runtime.on("data", onData);
    runtime.on("end", () => client.end());
  }
}

/** Passes on what follows after a pause. */
async function resume(
  runtime: Socket,
  rest: Buffer,
  pass: (chunk: Buffer) => unknown,
): Promise<void> {
  runtime.pause();
  await setTimeout(PAUSE_MS);
  pass(rest);
  runtime.on("data", pass);
  runtime.resume();
}

async function endBoth(client: Socket, runtime: Socket, how: "reset" | "halfClose"): Promise<void> {
  if (how === "halfClose") {
    // What the client sends from here on is lost.
    client.unpipe(runtime);
    client.end();
    await setTimeout(PAUSE_MS);
  }
  client.resetAndDestroy();
  runtime.destroy();
}

/** Finds the ends of the messages in the bytes of a WebSocket, behind the HTTP response that opens it. */
class FrameCounter {
  #buffer = Buffer.alloc(0);
  #hasHead = false;
  #messages = 0;

  /** Returns how many bytes of the chunk belong to the first `limit` messages, and how many messages there were. */
  take(chunk: Buffer, limit: number): { readonly bytes: number; readonly messages: number } {
    const before = this.#buffer.length;
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    let at = 0;
    if (!this.#hasHead) {
      const end = this.#buffer.indexOf("\r\n\r\n");
      if (end < 0) return { bytes: chunk.length, messages: 0 };
      this.#hasHead = true;
      at = end + 4;
    }
    while (this.#messages < limit) {
      const frame = readFrame(this.#buffer, at);
      if (frame === undefined) break;
      at = frame.end;
      if (frame.isMessage) this.#messages += 1;
    }
    if (this.#messages < limit) {
      this.#buffer = this.#buffer.subarray(at);
      return { bytes: chunk.length, messages: this.#messages };
    }
    this.#buffer = Buffer.alloc(0);
    return { bytes: at - before, messages: this.#messages };
  }
}

/** Reads an unmasked frame; `undefined` while it is not whole. Text in several frames counts at its last one. */
function readFrame(
  buffer: Buffer,
  at: number,
): { readonly end: number; readonly isMessage: boolean } | undefined {
  if (buffer.length < at + 2) return undefined;
  const [first = 0, second = 0] = buffer.subarray(at, at + 2);
  const short = second & 0x7f;
  const header = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (buffer.length < at + header) return undefined;
  const length =
    short === 126
      ? buffer.readUInt16BE(at + 2)
      : short === 127
        ? Number(buffer.readBigUInt64BE(at + 2))
        : short;
  const end = at + header + length;
  if (buffer.length < end) return undefined;
  const opcode = first & 0x0f;
  return { end, isMessage: (first & 0x80) !== 0 && opcode < 0x8 };
}
