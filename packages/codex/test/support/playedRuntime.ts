import { OPCODE } from "../../src/transport/webSocketFrame.js";
import type { WireMessage } from "./fakeAppServer.js";
import { type PeerConnection, serverFrame, WebSocketPeer } from "./webSocketPeer.js";
import { initializeResult } from "./wire.js";

/** Sends messages, all in one write. */
export type Send = (...messages: unknown[]) => void;

/** What the runtime does on a message of the client; the handshake is done without it. */
export type Play = (message: WireMessage, send: Send) => void;

/**
 * A runtime in the test's own process, reached over a WebSocket: for tests of the whole SDK that need
 * many cases in a short time, or an order of messages that no script can say.
 */
export class PlayedRuntime implements AsyncDisposable {
  readonly url: URL;
  /** Every message of the client, in order, the handshake left out. */
  readonly received: WireMessage[] = [];
  play: Play;
  readonly #peer: WebSocketPeer;
  #connection: PeerConnection | undefined;

  private constructor(peer: WebSocketPeer, play: Play) {
    this.#peer = peer;
    this.url = peer.url;
    this.play = play;
  }

  static async start(play: Play = () => {}): Promise<PlayedRuntime> {
    const runtime = new PlayedRuntime(await WebSocketPeer.start(), play);
    void runtime.#serve();
    return runtime;
  }

  /** The options that make a `Codex` use this runtime. */
  get options() {
    return { transport: { type: "websocket", url: this.url } } as const;
  }

  readonly send: Send = (...messages) => {
    this.sendText(...messages.map((message) => JSON.stringify(message)));
  };

  /** Messages as they stand. */
  sendText(...texts: readonly string[]): void {
    const frames = texts.map((text) => serverFrame(OPCODE.text, text));
    this.#connection?.socket.write(Buffer.concat(frames));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#peer[Symbol.asyncDispose]();
  }

  async #serve(): Promise<void> {
    for await (const connection of this.#peer.connections) {
      this.#connection = connection;
      void this.#read(connection);
    }
  }

  async #read(connection: PeerConnection): Promise<void> {
    let text: Buffer[] = [];
    for await (const { opcode, payload, isFinal } of connection.frames) {
      if (opcode === OPCODE.close) connection.socket.end(serverFrame(OPCODE.close, payload));
      if (opcode !== OPCODE.text && opcode !== OPCODE.continuation) continue;
      text.push(payload);
      if (!isFinal) continue;
      this.#act(JSON.parse(Buffer.concat(text).toString()));
      text = [];
    }
  }

  #act(message: WireMessage): void {
    if (message.method === "initialized") return;
    if (message.method === "initialize") {
      this.send({ id: message.id, result: initializeResult() });
      return;
    }
    this.received.push(message);
    this.play(message, this.send);
  }
}
