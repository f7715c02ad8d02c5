import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";

import { CodexClosedError, type CodexError, TransportClosedError } from "../errors.js";
import { createDeferred } from "../internal/deferred.js";
import type { SecretMasker } from "../internal/secrets.js";
import type { Transport, TransportListener } from "./transport.js";
import {
  CLOSE_CODE,
  encodeFrame,
  type Frame,
  OPCODE,
  WebSocketViolation,
} from "./webSocketFrame.js";
import { describeUrl, openWebSocket, type WebSocketEndpoint } from "./webSocketHandshake.js";
import {
  type CloseStatus,
  MessageDecoder,
  toCloseFrame,
  toTextFrames,
  type WebSocketEvent,
} from "./webSocketMessage.js";

/** After so long a silence, in milliseconds, the system asks whether the other machine is still there. */
const KEEP_ALIVE_MS = 30_000;

export interface WebSocketTransportOptions {
  readonly endpoint: WebSocketEndpoint;
  /** How long the peer may take to end its side, in milliseconds, before the socket is destroyed. */
  readonly closeTimeoutMs: number;
  readonly secrets: SecretMasker;
}

/**
 * Attaches to a runtime that is running already, over a WebSocket (RFC 6455), one message of the
 * protocol in each text message. The runtime is not this transport's to end: closing leaves it running.
 */
export class WebSocketTransport implements Transport {
  readonly #options: WebSocketTransportOptions;
  readonly #decoder = new MessageDecoder();
  readonly #abort = new AbortController();
  readonly #socketClosed = createDeferred<void>();
  #opening: Promise<void> | undefined;
  #socket: Socket | undefined;
  #listener: TransportListener | undefined;
  #closeReason: CodexError | undefined;
  #forcedEnd: NodeJS.Timeout | undefined;

  constructor(options: WebSocketTransportOptions) {
    this.#options = options;
  }

  open(listener: TransportListener): Promise<void> {
    // In the tick of the handshake's end: no byte and no `close()` can come in between.
    const onSocket = (socket: Socket) => this.#attach(socket, listener);
    this.#opening ??= openWebSocket(this.#options, this.#abort.signal, onSocket);
    return this.#opening;
  }

  send(text: string): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined || this.#closeReason !== undefined) {
      return Promise.reject(
        this.#closeReason ?? new TransportClosedError("The WebSocket connection is not open."),
      );
    }
    return new Promise((resolve, reject) => {
      const onWritten = (failure?: Error | null) => {
        if (failure === null || failure === undefined) resolve();
        // How the connection ended says more than EPIPE does, and is only a moment away.
        else void this.#socketClosed.promise.then(() => reject(this.#closeReason ?? failure));
      };
      for (const frame of toTextFrames(text)) {
        // Written in order, so the last frame's callback speaks for all of them.
        writeFrame(socket, frame, frame.isFinal ? onWritten : undefined);
      }
    });
  }

  ref(): void {
    this.#socket?.ref();
  }

  unref(): void {
    this.#socket?.unref();
  }

  async close(): Promise<void> {
    const reason = new CodexClosedError("Connection to the runtime");
    this.#settle(reason, { code: CLOSE_CODE.normal, reason: "" });
    this.#abort.abort(reason);
    await this.#opening?.catch(() => {});
    if (this.#socket !== undefined) await this.#socketClosed.promise;
  }

  #attach(socket: Socket, listener: TransportListener): void {
    this.#socket = socket;
    this.#listener = listener;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    let failure: Error | undefined;
    socket.on("error", (error) => (failure ??= error));
    socket.on("data", (chunk: Buffer) => this.#read(socket, chunk));
    socket.once("end", () => this.#settle(this.#toCutOff(failure)));
    socket.once("close", () => {
      this.#settle(this.#toCutOff(failure));
      clearTimeout(this.#forcedEnd);
      this.#socketClosed.resolve();
    });
  }

  /** Decides once why the connection is over; `status` is what the peer is told, if it can still hear. */
  #settle(reason: CodexError, status?: CloseStatus): void {
    if (this.#closeReason !== undefined) return;
    this.#closeReason = reason;
    const socket = this.#socket;
    if (socket !== undefined) {
      if (status !== undefined) writeFrame(socket, toCloseFrame(status));
      this.#forcedEnd = setTimeout(() => socket.destroy(), this.#options.closeTimeoutMs);
    }
    this.#listener?.onClose(reason);
  }

  #read(socket: Socket, chunk: Buffer): void {
    try {
      for (const event of this.#decoder.push(chunk)) {
        if (event.kind === "close") {
          this.#settle(this.#toClosedByPeer(event), { code: event.code, reason: "" });
          this.#hangUp(socket);
          return;
        }
        if (this.#closeReason === undefined) this.#take(socket, event);
      }
    } catch (error) {
      if (!(error instanceof WebSocketViolation)) throw error;
      this.#settle(this.#toViolated(error), { code: error.closeCode, reason: error.message });
      this.#hangUp(socket);
    }
  }

  #take(socket: Socket, event: Exclude<WebSocketEvent, { kind: "close" }>): void {
    switch (event.kind) {
      case "text": {
        const text = event.text.trim();
        if (text.startsWith("{")) this.#listener?.onMessage(text);
        else this.#listener?.onDiagnostic({ kind: "unparsableLine", text });
        break;
      }
      case "ping":
        writeFrame(socket, { isFinal: true, opcode: OPCODE.pong, payload: event.payload });
        break;
      case "pong":
        break;
    }
  }

  /** Nothing that the peer may still say counts; what was written to it is flushed first. */
  #hangUp(socket: Socket): void {
    socket.removeAllListeners("data");
    socket.resume();
    socket.end();
  }

  #toClosedByPeer({ code, reason }: CloseStatus): TransportClosedError {
    const why = reason === "" ? "" : `: ${this.#mask(reason)}`;
    return new TransportClosedError(
      `The Codex runtime closed the WebSocket connection to ${this.#where} (close code ${code}${why}).`,
    );
  }

  #toCutOff(cause: Error | undefined): TransportClosedError {
    const why = cause === undefined ? "" : `: ${cause.message}`;
    return new TransportClosedError(
      `The WebSocket connection to ${this.#where} was cut off (close code ${CLOSE_CODE.abnormal}, no close frame${why}).`,
      cause === undefined ? {} : { cause },
    );
  }

  #toViolated(cause: WebSocketViolation): TransportClosedError {
    return new TransportClosedError(
      `The WebSocket connection to ${this.#where} was closed here, because its peer broke the protocol (close code ${cause.closeCode}: ${cause.message}).`,
      { cause },
    );
  }

  #mask(text: string): string {
    return this.#options.secrets.mask(text);
  }

  get #where(): string {
    return describeUrl(this.#options.endpoint.url);
  }
}

function writeFrame(
  socket: Socket,
  frame: Frame,
  onWritten?: (error?: Error | null) => void,
): void {
  socket.write(encodeFrame(frame, randomBytes(4)), onWritten);
}
