import type { CodexError } from "../../src/errors.js";
import { AsyncQueue } from "../../src/internal/asyncQueue.js";
import { createDeferred } from "../../src/internal/deferred.js";
import { SecretMasker } from "../../src/internal/secrets.js";
import type { TransportDiagnostic } from "../../src/transport/transport.js";
import {
  WebSocketTransport,
  type WebSocketTransportOptions,
} from "../../src/transport/webSocketTransport.js";
import {
  type ClientFrame,
  OPCODE,
  type PeerConnection,
  serverFrame,
  type WebSocketPeer,
} from "./webSocketPeer.js";

/** The token that every client sends. */
export const TOKEN = "correct-horse-battery-staple";

/** More than what the buffers of a system take for a peer that does not read; Linux has up to 36 MB. */
export const UNREAD_BYTES = 64_000_000;

/** A transport and all that its listener receives. */
export class WebSocketClient implements AsyncDisposable {
  readonly transport: WebSocketTransport;
  readonly messages = new AsyncQueue<string>();
  readonly diagnostics: TransportDiagnostic[] = [];
  readonly closeReasons: CodexError[] = [];
  readonly closed = createDeferred<CodexError>();

  constructor(url: URL, closeTimeoutMs = 10_000, more: Partial<WebSocketTransportOptions> = {}) {
    this.transport = new WebSocketTransport({
      endpoint: { kind: "url", url, token: TOKEN, tls: undefined },
      livenessMs: 60_000,
      closeTimeoutMs,
      secrets: new SecretMasker([TOKEN]),
      ...more,
    });
  }

  open(): Promise<void> {
    return this.transport.open({
      onMessage: (text) => this.messages.push(text),
      onDiagnostic: (diagnostic) => this.diagnostics.push(diagnostic),
      onClose: (reason) => {
        this.closeReasons.push(reason);
        this.messages.end();
        this.closed.resolve(reason);
      },
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.transport.close();
  }
}

/** A client that is connected, and the peer's end of its connection. */
export async function connect(
  peer: WebSocketPeer,
  closeTimeoutMs?: number,
  more?: Partial<WebSocketTransportOptions>,
) {
  const client = new WebSocketClient(peer.url, closeTimeoutMs, more);
  await client.open();
  return { client, server: await peer.accept() };
}

/** Answers the client's close frame and hangs up, as a server does. */
export async function acceptClose(server: PeerConnection): Promise<ClientFrame> {
  const frame = await server.nextFrame();
  server.socket.end(serverFrame(OPCODE.close, frame.payload));
  return frame;
}
