import type { CodexError } from "../errors.js";
import { CodexClosedError, RequestTimeoutError } from "../errors.js";
import { onAbort } from "../internal/abort.js";
import type { SecretMasker } from "../internal/secrets.js";
import type { Transport } from "../transport/transport.js";
import { toWaiterError } from "./closeReason.js";
import type { Answer, ConnectionListener } from "./connectionListener.js";
import { type Handled, type Inbound, InboundQueue } from "./inboundQueue.js";
import { type NotificationMessage, parseMessage, type RequestId } from "./message.js";
import { type PendingRequest, PendingRequests, type RequestOutcome } from "./pendingRequests.js";
import { toInvalidResponseError, toSendError, withCallerStack } from "./requestErrors.js";
import type { DispatchOptions } from "./requestOptions.js";
import { toJsonRpcError } from "./rpcErrors.js";
import { serializeMessage } from "./serialize.js";

/**
 * Requests, responses and notifications over one transport: assigns ids, pairs responses with
 * requests, keeps wire order, and settles every waiter when the transport ends. Knows nothing of
 * processes, threads or turns.
 */
export class Connection {
  readonly #transport: Transport;
  readonly #listener: ConnectionListener;
  readonly #pending: PendingRequests;
  readonly #secrets: SecretMasker;
  readonly #inbound = new InboundQueue(
    (inbound) => this.#handle(inbound),
    (message) => this.#listener.callsAtOnce(message),
  );
  #transportEnd: CodexError | undefined;
  #closeReason: CodexError | undefined;
  #holdsHost = true;

  constructor(
    transport: Transport,
    listener: ConnectionListener,
    secrets: SecretMasker,
    maxInFlightRequests: number,
  ) {
    this.#transport = transport;
    this.#listener = listener;
    this.#secrets = secrets;
    this.#pending = new PendingRequests(maxInFlightRequests);
  }

  /** Reason of the connection's end; `undefined` while it is open. */
  get closeReason(): CodexError | undefined {
    return this.#closeReason;
  }

  /** Number of requests that wait for a slot or a response. */
  get pendingRequests(): number {
    return this.#pending.size;
  }

  /** Keeps the host process alive (`true`), or lets it end while the connection is open (`false`). */
  holdHost(isInUse: boolean): void {
    if (isInUse === this.#holdsHost) return;
    this.#holdsHost = isInUse;
    if (isInUse) this.#transport.ref();
    else this.#transport.unref();
  }

  /** Sizes of the maps, for tests. */
  inspect(): Readonly<Record<string, number>> {
    return { ...this.#pending.inspect(), inboundMessages: this.#inbound.size };
  }

  open(): Promise<void> {
    return this.#transport.open({
      onMessage: (text) => this.#receive(text),
      onDiagnostic: (diagnostic) => this.#listener.onDiagnostic(diagnostic),
      // Behind the messages that were read before the end.
      onClose: (reason) => {
        this.#transportEnd = reason;
        this.#inbound.push({ kind: "closed", reason });
      },
    });
  }

  /** Sends a request and resolves with its result. An unset member of `params` is absent on the wire. */
  request(method: string, params: unknown, options: DispatchOptions = {}): Promise<unknown> {
    // Captured here, so that the stack of an error that the response brings has the caller's frames.
    const trace: { stack?: string } = {};
    Error.captureStackTrace(trace, this.request);
    return new Promise((resolve, reject) => {
      const {
        signal,
        timeoutMs,
        priority = "regular",
        traceContext,
        onResult,
        onSettled,
      } = options;
      const timers = options.timers ?? globalThis;
      if (signal?.aborted === true || this.#closeReason !== undefined) {
        onSettled?.();
        reject(signal?.aborted === true ? signal.reason : this.#errorFor(method));
        return;
      }
      // Bad text is refused here, before the request takes a slot. The body is released once it is
      // sent: a request without a response must not hold it.
      let body = "";
      try {
        body = serializeMessage({ method, params, trace: traceContext });
      } catch (error) {
        onSettled?.();
        reject(error);
        return;
      }
      let hasLeft = false;
      const leave = (reason: unknown) => {
        hasLeft = true;
        stopWaiting();
        const wasSent = this.#pending.abandon(request);
        if (!wasSent) onSettled?.();
        reject(reason);
      };
      const request: PendingRequest = {
        method,
        priority,
        send: (id) => {
          options.onSent?.();
          this.#send(`{"id":${id},${body.slice(1)}`, (error) =>
            this.#pending.fail(id, () => toSendError(error, method)),
          );
          body = "";
        },
        settle: (outcome: RequestOutcome) => {
          stopWaiting();
          try {
            if (outcome.kind === "error") reject(withCallerStack(outcome.error, trace.stack));
            else {
              onResult?.(outcome.result, { hasLeft });
              resolve(outcome.result);
            }
          } catch (error) {
            reject(error);
          }
          onSettled?.();
        },
        forget: () => onSettled?.(),
      };
      const timer =
        timeoutMs === undefined
          ? undefined
          : timers.setTimeout(() => leave(new RequestTimeoutError(method, timeoutMs)), timeoutMs);
      const stopListening = onAbort(signal, leave);
      const stopWaiting = () => {
        timers.clearTimeout(timer);
        stopListening();
      };
      this.#pending.add(request);
    });
  }

  /** Sends a notification; resolves once it is handed to the transport. */
  async notify(method: string, params?: unknown): Promise<void> {
    if (this.#closeReason !== undefined) throw this.#errorFor(method);
    const text = serializeMessage({ method, params });
    try {
      await this.#transport.send(text);
    } catch (error) {
      throw this.#closeReason === undefined ? toSendError(error, method) : this.#errorFor(method);
    }
  }

  /** Ends the transport; every waiter is rejected with a `CodexClosedError`. Idempotent. */
  async close(): Promise<void> {
    this.#end(this.#transportEnd ?? new CodexClosedError("Connection to the runtime"));
    await this.#transport.close();
  }

  #receive(text: string): void {
    if (this.#closeReason !== undefined) return;
    const message = parseMessage(text);
    if (message.kind !== "invalid") {
      this.#inbound.push(message);
      return;
    }
    this.#listener.onDiagnostic({ kind: "unparsableLine", text });
    this.#inbound.push({ id: damagedResponseId(text), ...message });
  }

  /** Handles one message. A message that cannot be handled is reported and skipped. */
  #handle(inbound: Inbound): Handled {
    // The waiters have been settled with the reason of the end: nothing may reach them after that.
    if (this.#closeReason !== undefined) return "settled";
    switch (inbound.kind) {
      case "notification":
        return this.#handleNotification(inbound.message);
      case "request": {
        const { message } = inbound;
        try {
          this.#listener.onRequest(message, this.#answerOnce(message.id));
        } catch (error) {
          this.#reportUnreadable(message.method, error);
        }
        return "settled";
      }
      case "result":
        this.#settled(
          inbound.id,
          this.#pending.settle(inbound.id, { kind: "result", result: inbound.result }),
        );
        return "settled";
      case "error": {
        const { code, ...facts } = inbound.error;
        const toError = ({ method }: PendingRequest) =>
          toJsonRpcError({ ...facts, rpcCode: code, method }, this.#secrets);
        this.#settled(inbound.id, this.#pending.fail(inbound.id, toError));
        return "settled";
      }
      case "invalid":
        // An invalid response is still the only one that will come.
        this.#pending.fail(inbound.id, (request) =>
          toInvalidResponseError(request, this.#secrets.mask(inbound.reason)),
        );
        return "settled";
      case "closed":
        this.#end(inbound.reason);
        return "settled";
    }
  }

  #handleNotification(message: NotificationMessage): Handled {
    try {
      return this.#listener.onNotification(message);
    } catch (error) {
      this.#reportUnreadable(message.method, error);
      return "settled";
    }
  }

  #reportUnreadable(method: string, error: unknown): void {
    this.#listener.onDiagnostic({ kind: "unreadableMessage", method, error });
  }

  #settled(id: RequestId, wasPending: boolean): void {
    if (!wasPending) this.#listener.onDiagnostic({ kind: "unexpectedResponse", id });
  }

  #answerOnce(id: RequestId): (answer: Answer) => void {
    let isAnswered = false;
    return (answer) => {
      if (isAnswered || this.#closeReason !== undefined) return;
      isAnswered = true;
      this.#send(serializeAnswer(id, answer), () => {});
    };
  }

  #send(text: string, onError: (error: Error) => void): void {
    this.#transport.send(text).catch((error: unknown) => {
      onError(error instanceof Error ? error : new Error(String(error)));
    });
  }

  #end(reason: CodexError): void {
    if (this.#closeReason !== undefined) return;
    this.#closeReason = reason;
    this.#pending.failAll(({ method }) => this.#errorFor(method));
    this.#listener.onClose(reason);
  }

  #errorFor(what: string): CodexError {
    return toWaiterError(this.#closeReason, what);
  }
}

/** The id in a line that begins like a response: no other response will come for that request. */
function damagedResponseId(text: string): number | undefined {
  const id = /^\{"id":(\d{1,15}),"(?:result|error)":/.exec(text)?.[1];
  return id === undefined ? undefined : Number(id);
}

function serializeAnswer(id: RequestId, answer: Answer): string {
  try {
    return serializeMessage({ id, ...answer });
  } catch (error) {
    // A result that cannot be serialised must still become a response, or the turn would never continue.
    const message = error instanceof Error ? error.message : String(error);
    return JSON.stringify({ id, error: { code: -32603, message } });
  }
}
