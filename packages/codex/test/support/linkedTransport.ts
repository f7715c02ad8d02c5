import { CodexClosedError, type CodexError } from "../../src/errors.js";
import type { Transport, TransportListener } from "../../src/transport/transport.js";
import type { WireMessage } from "./fakeAppServer.js";

/** A transport in memory, for tests of a connection alone: the test sends the messages of the runtime. */
export class LinkedTransport implements Transport {
  /** The messages that the client has sent, in order. */
  readonly sent: WireMessage[] = [];
  isClosed = false;
  /** True if the transport keeps the host process alive. */
  holdsHost = true;
  #listener: TransportListener | undefined;
  #sendFailure: Error | undefined;
  readonly #waiters: { readonly count: number; resolve(): void }[] = [];

  open(listener: TransportListener): Promise<void> {
    this.#listener = listener;
    return Promise.resolve();
  }

  send(text: string): Promise<void> {
    if (this.#sendFailure !== undefined) return Promise.reject(this.#sendFailure);
    this.sent.push(JSON.parse(text));
    for (const waiter of this.#waiters) if (this.sent.length >= waiter.count) waiter.resolve();
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.end(new CodexClosedError("the linked transport"));
    return Promise.resolve();
  }

  ref(): void {
    this.holdsHost = true;
  }

  unref(): void {
    this.holdsHost = false;
  }

  /** Delivers messages of the runtime, all in this tick. */
  receive(...messages: unknown[]): void {
    for (const message of messages) this.receiveText(JSON.stringify(message));
  }

  receiveText(text: string): void {
    this.#listener?.onMessage(text);
  }

  /** Answers the message with this index among those sent. */
  answer(index: number, result: unknown): void {
    this.receive({ id: this.sent[index]?.id, result });
  }

  /** Ends the transport. */
  end(reason: CodexError): void {
    this.#listener?.onClose(reason);
  }

  failSends(error: Error): void {
    this.#sendFailure = error;
  }

  /** Resolves once `count` messages have been sent. */
  hasSent(count: number): Promise<void> {
    if (this.sent.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ count, resolve }));
  }
}
