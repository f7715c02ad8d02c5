import type { Socket } from "node:net";

import type { WebSocket } from "ws";

import { CodexClosedError, type CodexError, TransportClosedError } from "../errors.js";
import { createDeferred } from "../internal/deferred.js";
import type { SecretMasker } from "../internal/secrets.js";
import { clearTimeout, setTimeout } from "../internal/timers.js";
import { watchLiveness } from "./liveness.js";
import { MAX_MESSAGE_BYTES, type Transport, type TransportListener } from "./transport.js";
import { describeEndpoint, type WebSocketEndpoint } from "./webSocketEndpoint.js";
import { type OpenWebSocket, openWebSocket } from "./webSocketOpening.js";

export interface WebSocketTransportOptions {
  readonly endpoint: WebSocketEndpoint;
  readonly secrets: SecretMasker;
  /** Time limit for the app-server to end its side, in milliseconds, before the socket is destroyed. */
  readonly closeTimeoutMs: number;
  /** The connection ends when nothing was received for this long, in milliseconds. */
  readonly livenessMs: number;
  /** A longer message ends the connection. */
  readonly maxMessageBytes?: number;
}

/** Close codes of RFC 6455, section 7.4. */
const NORMAL = 1000;
const UNSUPPORTED_DATA = 1003;
const ABNORMAL = 1006;

/** The state of a WebSocket between its close frame and its end. */
const CLOSING = 2;

/**
 * A longer message goes out in several frames: the runtime takes frames of up to 16 MiB, and pieces keep
 * the masked copy of a large message from being one large block.
 */
export const MAX_FRAME_PAYLOAD_BYTES = 1024 * 1024;

/**
 * Connects to an app-server that is already running, over a WebSocket, one message of the protocol in
 * each text message. Does not own the runtime: closing leaves the runtime running.
 */
export class WebSocketTransport implements Transport {
  readonly #options: WebSocketTransportOptions;
  readonly #abort = new AbortController();
  readonly #socketClosed = createDeferred<void>();
  #opening: Promise<void> | undefined;
  #webSocket: WebSocket | undefined;
  #socket: Socket | undefined;
  #listener: TransportListener | undefined;
  #closeReason: CodexError | undefined;
  #forcedEnd: NodeJS.Timeout | undefined;
  #stopWatching = () => {};

  constructor(options: WebSocketTransportOptions) {
    this.#options = options;
  }

  open(listener: TransportListener): Promise<void> {
    const { maxMessageBytes = MAX_MESSAGE_BYTES } = this.#options;
    // In the tick of the handshake's end: no byte and no `close()` can come in between.
    const onOpen = (open: OpenWebSocket) => this.#attach(open, listener);
    const opening = { ...this.#options, maxMessageBytes };
    this.#opening ??= openWebSocket(opening, this.#abort.signal, onOpen);
    return this.#opening;
  }

  send(text: string): Promise<void> {
    const webSocket = this.#webSocket;
    if (webSocket === undefined || this.#closeReason !== undefined) {
      return Promise.reject(
        this.#closeReason ?? new TransportClosedError("The WebSocket connection is not open."),
      );
    }
    return new Promise((resolve, reject) => {
      const onWritten = (failure?: Error | null) => {
        // Node reports a write that a destroyed socket has cut off without an error.
        const isCutOff = this.#socket?.destroyed === true;
        if ((failure === null || failure === undefined) && !isCutOff) resolve();
        // The reason of the connection's end explains more than EPIPE, and follows in a moment.
        else void this.#socketClosed.promise.then(() => reject(this.#closeReason ?? failure));
      };
      const bytes = Buffer.from(text, "utf8");
      for (let start = 0; start === 0 || start < bytes.length; start += MAX_FRAME_PAYLOAD_BYTES) {
        const fragment = bytes.subarray(start, start + MAX_FRAME_PAYLOAD_BYTES);
        const fin = start + fragment.length === bytes.length;
        // Written in order, so the callback of the last fragment holds for all of them.
        webSocket.send(fragment, { binary: false, fin }, fin ? onWritten : undefined);
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
    // Until the connection has ended, the host waits for it.
    this.ref();
    const reason = new CodexClosedError("Connection to the runtime");
    // An app-server that is closing already has its own reason, which the end brings.
    if (this.#webSocket?.readyState !== CLOSING) this.#settle(reason, NORMAL);
    this.#abort.abort(reason);
    await this.#opening?.catch(() => {});
    if (this.#webSocket !== undefined) await this.#socketClosed.promise;
  }

  #attach({ webSocket, socket }: OpenWebSocket, listener: TransportListener): void {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#listener = listener;
    socket.setNoDelay(true);
    let failure: Error | undefined;
    // A violation of the protocol is an error of the library, with a close code of its own.
    webSocket.on("error", (error) => (failure ??= error));
    webSocket.on("message", (data: Buffer, isBinary) => this.#receive(data, isBinary));
    webSocket.once("close", (code, reason) => {
      this.#settle(this.#toClosedError(code, reason.toString("utf8"), failure));
      clearTimeout(this.#forcedEnd);
      this.#socketClosed.resolve();
    });
    this.#stopWatching = watchLiveness(
      {
        bytesRead: () => socket.bytesRead,
        ping: () => webSocket.ping(),
        onSilent: () => {
          this.#settle(this.#toSilentError());
          webSocket.terminate();
        },
      },
      this.#options.livenessMs,
    );
  }

  /** Sets the reason of the connection's end, once; `code` is sent to the app-server. */
  #settle(reason: CodexError, code?: number): void {
    if (this.#closeReason !== undefined) return;
    this.#closeReason = reason;
    this.#stopWatching();
    const webSocket = this.#webSocket;
    if (webSocket !== undefined && code !== undefined) {
      webSocket.close(code);
      this.#forcedEnd = setTimeout(() => webSocket.terminate(), this.#options.closeTimeoutMs);
    }
    this.#listener?.onClose(reason);
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#closeReason !== undefined) return;
    if (isBinary) {
      this.#settle(
        new TransportClosedError(
          `The WebSocket connection to ${this.#where} was closed here, because the app-server sent a binary message (close code ${UNSUPPORTED_DATA}).`,
        ),
        UNSUPPORTED_DATA,
      );
      return;
    }
    const text = data.toString("utf8").trim();
    if (text.startsWith("{")) this.#listener?.onMessage(text);
    else this.#listener?.onDiagnostic({ kind: "unparsableLine", text });
  }

  #toClosedError(code: number, closeText: string, cause: Error | undefined): TransportClosedError {
    const options = cause === undefined ? {} : { cause };
    const { secrets } = this.#options;
    if (cause !== undefined && "code" in cause && String(cause.code).startsWith("WS_ERR_")) {
      return new TransportClosedError(
        `The WebSocket connection to ${this.#where} was closed here, because the app-server broke the protocol (${this.#explain(cause)}).`,
        options,
      );
    }
    if (code === ABNORMAL) {
      const why = cause === undefined ? "" : `: ${secrets.mask(cause.message)}`;
      return new TransportClosedError(
        `The WebSocket connection to ${this.#where} was cut off (close code ${ABNORMAL}, no close frame${why}).`,
        options,
      );
    }
    const why = closeText === "" ? "" : `: ${secrets.mask(closeText)}`;
    return new TransportClosedError(
      `The Codex runtime closed the WebSocket connection to ${this.#where} (close code ${code}${why}).`,
      options,
    );
  }

  #explain({ message, ...rest }: Error): string {
    const { maxMessageBytes = MAX_MESSAGE_BYTES } = this.#options;
    const isTooLong = "code" in rest && rest.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH";
    return isTooLong ? `a message of more than ${maxMessageBytes} bytes` : message;
  }

  #toSilentError(): TransportClosedError {
    return new TransportClosedError(
      `Nothing was received over the WebSocket connection to ${this.#where} for ${this.#options.livenessMs} ms (livenessMs), not even the response to a ping; the connection was ended.`,
    );
  }

  get #where(): string {
    return describeEndpoint(this.#options.endpoint);
  }
}
