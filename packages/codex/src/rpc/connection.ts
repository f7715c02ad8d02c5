import type { CodexError } from "../errors.js";
import {
  CodexClosedError,
  CodexProtocolError,
  RequestTimeoutError,
  TransportClosedError,
} from "../errors.js";
import { onAbort } from "../internal/abort.js";
import { maskSecrets } from "../internal/secrets.js";
import type { Transport, TransportDiagnostic } from "../transport/transport.js";
import {
  type NotificationMessage,
  parseMessage,
  type RequestId,
  type RequestMessage,
} from "./message.js";
import { type PendingRequest, PendingRequests, type RequestOutcome } from "./pendingRequests.js";
import { toJsonRpcError } from "./rpcErrors.js";
import { serializeMessage } from "./wellFormed.js";

/** Ends the wait for an answer early; the runtime may act on the request all the same. */
export interface RequestOptions {
  /** Aborting rejects the call with the signal's reason; the request is not sent, or its answer dropped. */
  readonly signal?: AbortSignal | undefined;
  /** Rejects with a `RequestTimeoutError` when no answer has come after so many milliseconds. */
  readonly timeoutMs?: number | undefined;
}

export interface DispatchOptions extends RequestOptions {
  /**
   * Called in the tick in which the answer is read, before any later message is looked at: what the
   * answer names can be routed from then on. Also called when the caller has left meanwhile.
   */
  readonly onResult?: (result: unknown, caller: { readonly hasLeft: boolean }) => void;
  /** Called once when the request can have no more effect: answered, failed, or never sent. */
  readonly onSettled?: () => void;
}

/** The one answer to a request of the runtime. */
export type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } };

/** Who acts on what the runtime says of its own accord. None of these may throw. */
export interface ConnectionListener {
  onNotification(message: NotificationMessage): void;
  /** `answer` takes effect once; later calls, and calls after the end, do nothing. */
  onRequest(message: RequestMessage, answer: (answer: Answer) => void): void;
  onDiagnostic(diagnostic: TransportDiagnostic): void;
  onClose(reason: CodexError): void;
}

/**
 * Requests, answers and notifications over one transport: gives ids, pairs answers with requests,
 * and settles every waiter when the transport ends. Knows nothing of processes, threads or turns.
 */
export class Connection {
  readonly #transport: Transport;
  readonly #listener: ConnectionListener;
  readonly #pending: PendingRequests;
  #closeReason: CodexError | undefined;

  constructor(transport: Transport, listener: ConnectionListener, maxInFlightRequests: number) {
    this.#transport = transport;
    this.#listener = listener;
    this.#pending = new PendingRequests(maxInFlightRequests);
  }

  /** Why the connection ended; `undefined` while it is open. */
  get closeReason(): CodexError | undefined {
    return this.#closeReason;
  }

  open(): Promise<void> {
    return this.#transport.open({
      onMessage: (text) => this.#dispatch(text),
      onDiagnostic: (diagnostic) => this.#listener.onDiagnostic(diagnostic),
      onClose: (reason) => this.#onClose(reason),
    });
  }

  /** Sends a request and resolves with its result. An unset member of `params` is absent on the wire. */
  request(method: string, params: unknown, options: DispatchOptions = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { signal, timeoutMs, onResult, onSettled } = options;
      if (signal?.aborted === true || this.#closeReason !== undefined) {
        onSettled?.();
        reject(signal?.aborted === true ? signal.reason : this.#errorFor(method));
        return;
      }
      // Bad text is refused here, before the request takes a place among those in flight.
      let body: string;
      try {
        body = serializeMessage({ method, params });
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
        send: (id) =>
          this.#send(`{"id":${id},${body.slice(1)}`, (error) =>
            this.#pending.fail(id, () => error),
          ),
        settle: (outcome: RequestOutcome) => {
          stopWaiting();
          try {
            if (outcome.kind === "error") reject(outcome.error);
            else {
              onResult?.(outcome.result, { hasLeft });
              resolve(outcome.result);
            }
          } catch (error) {
            reject(error);
          }
          onSettled?.();
        },
      };
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => leave(new RequestTimeoutError(method, timeoutMs)), timeoutMs);
      const stopListening = onAbort(signal, leave);
      const stopWaiting = () => {
        clearTimeout(timer);
        stopListening();
      };
      this.#pending.add(request);
    });
  }

  /** Sends a notification; resolves once it is handed over. */
  async notify(method: string, params?: unknown): Promise<void> {
    if (this.#closeReason !== undefined) throw this.#errorFor(method);
    const text = serializeMessage({ method, params });
    try {
      await this.#transport.send(text);
    } catch (error) {
      throw this.#closeReason === undefined ? error : this.#errorFor(method);
    }
  }

  /** Ends the transport; every waiter is rejected with a `CodexClosedError`. Idempotent. */
  async close(): Promise<void> {
    this.#onClose(new CodexClosedError("Connection to the runtime"));
    await this.#transport.close();
  }

  #dispatch(text: string): void {
    // Whoever waited has been told that it is over: nothing may be asked or told after that.
    if (this.#closeReason !== undefined) return;
    const message = parseMessage(text);
    switch (message.kind) {
      case "notification":
        this.#listener.onNotification(message);
        break;
      case "request":
        this.#listener.onRequest(message, this.#answerOnce(message.id));
        break;
      case "result":
        this.#pending.settle(message.id, { kind: "result", result: message.result });
        break;
      case "error": {
        const { code, ...facts } = message.error;
        this.#pending.fail(message.id, ({ method }) =>
          toJsonRpcError({ ...facts, rpcCode: code, method }),
        );
        break;
      }
      case "invalid":
        this.#listener.onDiagnostic({ kind: "junk", text: maskSecrets(text) });
        // An answer that says nothing is still the only one that will come.
        this.#pending.fail(message.id, toEmptyAnswerError);
        break;
    }
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

  #onClose(reason: CodexError): void {
    if (this.#closeReason !== undefined) return;
    this.#closeReason = reason;
    this.#pending.failAll(({ method }) => this.#errorFor(method));
    this.#listener.onClose(reason);
  }

  #errorFor(what: string): CodexError {
    return toWaiterError(this.#closeReason, what);
  }
}

/** The end of a connection is one fact, but each who waited gets an error with a stack of its own. */
export function toWaiterError(reason: CodexError | undefined, what: string): CodexError {
  if (reason instanceof TransportClosedError) {
    return new TransportClosedError(`${what}: ${reason.message}`, { exit: reason, cause: reason });
  }
  return new CodexClosedError(what, { cause: reason });
}

function toEmptyAnswerError({ method }: PendingRequest): CodexError {
  return new CodexProtocolError(
    `${method} was answered with neither a result nor an error; use the runtime version that this SDK is made for.`,
  );
}

function serializeAnswer(id: RequestId, answer: Answer): string {
  try {
    return serializeMessage({ id, ...answer });
  } catch (error) {
    // An answer that cannot be sent must still be an answer, or the turn would wait for ever.
    const message = error instanceof Error ? error.message : String(error);
    return JSON.stringify({ id, error: { code: -32603, message } });
  }
}
