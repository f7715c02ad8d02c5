import { connect, type Socket } from "node:net";

/** Flags of a frame of ZMTP 3.0. */
const MORE = 1;
const LONG = 2;
const COMMAND = 4;

const GREETING_BYTES = 64;

/** A message of ZeroMQ: its frames. */
export type Frames = readonly Buffer[];

/**
 * Client of one ZeroMQ socket over TCP (ZMTP 3.0 without authentication), as far as a Jupyter kernel
 * needs it: sends messages and receives them in order.
 */
export class ZmtpSocket {
  readonly #socket: Socket;
  readonly #onMessage: (frames: Frames) => void;
  #input = Buffer.alloc(0);
  #isGreeted = false;
  #frames: Buffer[] = [];

  private constructor(socket: Socket, onMessage: (frames: Frames) => void) {
    this.#socket = socket;
    this.#onMessage = onMessage;
    socket.on("data", (chunk) => this.#receive(chunk));
    socket.on("error", () => {});
  }

  /** Connects to a port of this machine. `type` is the type of this end, such as `DEALER`. */
  static async open(
    port: number,
    type: "DEALER" | "SUB",
    onMessage: (frames: Frames) => void,
  ): Promise<ZmtpSocket> {
    const socket = connect(port, "127.0.0.1");
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    const client = new ZmtpSocket(socket, onMessage);
    socket.write(greeting());
    client.#write(ready(type), COMMAND);
    // A subscription to every topic.
    if (type === "SUB") client.send([Buffer.from([1])]);
    return client;
  }

  /** Sends a message. */
  send(frames: Frames): void {
    for (const [index, frame] of frames.entries()) {
      this.#write(frame, index < frames.length - 1 ? MORE : 0);
    }
  }

  /** Ends the connection. */
  close(): void {
    this.#socket.destroy();
  }

  #write(body: Buffer, flags: number): void {
    const head = Buffer.alloc(9);
    head[0] = flags | LONG;
    head.writeBigUInt64BE(BigInt(body.length), 1);
    this.#socket.write(Buffer.concat([head, body]));
  }

  #receive(chunk: Buffer): void {
    this.#input = Buffer.concat([this.#input, chunk]);
    if (!this.#isGreeted) {
      if (this.#input.length < GREETING_BYTES) return;
      this.#input = this.#input.subarray(GREETING_BYTES);
      this.#isGreeted = true;
    }
    for (let frame = this.#nextFrame(); frame !== undefined; frame = this.#nextFrame()) {
      if ((frame.flags & COMMAND) !== 0) continue;
      this.#frames.push(frame.body);
      if ((frame.flags & MORE) !== 0) continue;
      const frames = this.#frames;
      this.#frames = [];
      this.#onMessage(frames);
    }
  }

  #nextFrame(): { readonly flags: number; readonly body: Buffer } | undefined {
    const flags = this.#input[0];
    if (flags === undefined) return undefined;
    const isLong = (flags & LONG) !== 0;
    const start = isLong ? 9 : 2;
    if (this.#input.length < start) return undefined;
    const size = isLong ? Number(this.#input.readBigUInt64BE(1)) : this.#input.readUInt8(1);
    if (this.#input.length < start + size) return undefined;
    const body = this.#input.subarray(start, start + size);
    this.#input = this.#input.subarray(start + size);
    return { flags, body };
  }
}

function greeting(): Buffer {
  const bytes = Buffer.alloc(GREETING_BYTES);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.write("NULL", 12, "latin1");
  return bytes;
}

function ready(type: string): Buffer {
  return Buffer.concat([named("READY"), property("Socket-Type", type), property("Identity", "")]);
}

function named(name: string): Buffer {
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name, "latin1")]);
}

function property(name: string, value: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([named(name), length, Buffer.from(value, "latin1")]);
}
