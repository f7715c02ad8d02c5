import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingHttpHeaders } from "node:http";
import {
  type AddressInfo,
  createServer as createNetServer,
  type Server,
  type Socket,
} from "node:net";
import type { Duplex } from "node:stream";

import { AsyncQueue } from "../../src/internal/asyncQueue.js";

/** Opcodes of RFC 6455, section 11.8. */
export const OPCODE = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

/** A frame of the client, unmasked; written without the code that is under test. */
export interface ClientFrame {
  readonly isFinal: boolean;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly payload: Buffer;
}

/** The bytes of a server's frame; `first` replaces the first byte, for what a server must not send. */
export function serverFrame(
  opcode: number,
  payload: Buffer | string = "",
  options: { readonly isFinal?: boolean; readonly first?: number } = {},
): Buffer {
  const body = Buffer.from(payload);
  const first = options.first ?? ((options.isFinal ?? true) ? 0x80 : 0) + opcode;
  if (body.length <= 125) return Buffer.concat([Buffer.from([first, body.length]), body]);
  const isMedium = body.length < 65_536;
  const head = Buffer.alloc(isMedium ? 4 : 10);
  head[0] = first;
  head[1] = isMedium ? 126 : 127;
  head.writeUIntBE(body.length, isMedium ? 2 : 4, isMedium ? 2 : 6);
  return Buffer.concat([head, body]);
}

/** A close frame's payload. */
export function closePayload(code: number, reason = ""): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
}

/** The client's frames in `bytes`, and what is left of an unfinished one. */
export function readClientFrames(bytes: Buffer): { frames: ClientFrame[]; rest: Buffer } {
  const frames: ClientFrame[] = [];
  let rest = bytes;
  for (;;) {
    const frame = readClientFrame(rest);
    if (frame === undefined) return { frames, rest };
    frames.push(frame.frame);
    rest = rest.subarray(frame.size);
  }
}

function readClientFrame(bytes: Buffer): { frame: ClientFrame; size: number } | undefined {
  if (bytes.length < 2) return undefined;
  const first = bytes.readUInt8(0);
  const second = bytes.readUInt8(1);
  const isMasked = second >= 128;
  const short = second % 128;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const start = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (bytes.length < start) return undefined;
  const length =
    lengthBytes === 8
      ? Number(bytes.readBigUInt64BE(2))
      : lengthBytes === 2
        ? bytes.readUInt16BE(2)
        : short;
  if (bytes.length < start + length) return undefined;
  const mask = isMasked ? bytes.subarray(start - 4, start) : Buffer.alloc(4);
  const masked = bytes.subarray(start, start + length);
  const payload = Buffer.from(masked.map((byte, index) => byte ^ mask.readUInt8(index % 4)));
  return {
    frame: { isFinal: first >= 128, opcode: first % 16, isMasked, payload },
    size: start + length,
  };
}

/** One client at the peer: a test writes bytes to it and reads its frames. */
export class PeerConnection {
  readonly headers: IncomingHttpHeaders;
  readonly socket: Duplex;
  /** The client's frames, ending when its side of the socket does. */
  readonly frames = new AsyncQueue<ClientFrame>();
  readonly closed: Promise<unknown>;

  constructor(socket: Duplex, headers: IncomingHttpHeaders, head: Buffer) {
    this.socket = socket;
    this.headers = headers;
    this.closed = once(socket, "close");
    let rest: Buffer = head;
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      const read = readClientFrames(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]));
      rest = read.rest;
      for (const frame of read.frames) this.frames.push(frame);
    });
    // The sockets of an HTTP server stay half open otherwise.
    socket.once("end", () => socket.end());
    socket.once("close", () => this.frames.end());
  }

  /** The next frame; fails the test when the client has ended instead. */
  async nextFrame(): Promise<ClientFrame> {
    const { value } = await this.frames.next();
    if (value === undefined) throw new Error("The client ended, and a frame was expected.");
    return value;
  }
}

/** A WebSocket server that sends, byte for byte, what a test gives it. */
export class WebSocketPeer implements AsyncDisposable {
  readonly url: URL;
  readonly connections = new AsyncQueue<PeerConnection>();
  readonly #close: () => Promise<void>;

  private constructor(port: number, close: () => Promise<void>) {
    this.url = new URL(`ws://127.0.0.1:${port}/`);
    this.#close = close;
  }

  /** `early` is sent in one chunk with the answer to the handshake. */
  static async start(early: Buffer = Buffer.alloc(0)): Promise<WebSocketPeer> {
    const server = createHttpServer();
    const { port, close } = await listen(server);
    const peer = new WebSocketPeer(port, close);
    server.on("upgrade", ({ headers }, socket, head) => {
      const answer = acceptText(headers["sec-websocket-key"] ?? "");
      const connection = new PeerConnection(socket, headers, head);
      socket.write(Buffer.concat([Buffer.from(answer), early]));
      peer.connections.push(connection);
    });
    return peer;
  }

  /** The next client. */
  async accept(): Promise<PeerConnection> {
    const { value } = await this.connections.next();
    if (value === undefined) throw new Error("The peer was closed.");
    return value;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}

/** The answer that accepts a handshake with `key`; `more` are further header lines. */
export function acceptText(key: string, more: readonly string[] = []): string {
  const accept = createHash("sha1")
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  return [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: WebSocket",
    "Connection: upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
    ...more,
    "",
    "",
  ].join("\r\n");
}

/** A TCP server that gives each client's request head to `answer`. */
export async function startRawServer(
  answer: (socket: Socket, request: string) => void,
): Promise<AsyncDisposable & { readonly url: URL; readonly sockets: readonly Socket[] }> {
  const server = createNetServer();
  const { port, close, sockets } = await listen(server);
  server.on("connection", (socket) => {
    let request = "";
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      if (request.endsWith("\r\n\r\n")) return;
      request += chunk.toString("latin1");
      if (request.endsWith("\r\n\r\n")) answer(socket, request);
    });
  });
  return { url: new URL(`ws://127.0.0.1:${port}/`), sockets, [Symbol.asyncDispose]: close };
}

async function listen(server: Server) {
  const sockets: Socket[] = [];
  server.on("connection", (socket) => sockets.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port, close, sockets };
}
