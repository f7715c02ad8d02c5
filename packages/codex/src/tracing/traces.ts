import type { TokenUsageBreakdown, TurnStatus } from "@openai/codex-types";

import type { TraceContext } from "../rpc/requestOptions.js";

/**
 * Members of what the channels of an operation publish: one object from the start of the operation to its
 * end, so that a subscriber may use it as the key of a `WeakMap`.
 */
export interface OperationTrace {
  /** Duration in milliseconds, once the operation has ended. */
  readonly durationMs?: number | undefined;
  /** Error that ended the operation, the secrets of its text masked as in the error of the call. */
  readonly error?: unknown;
  /**
   * Runs the operation in a context of the subscriber's own. A subscriber of `start` may set it, and calls
   * the one that is set already from its own.
   */
  around?: (<T>(operation: () => T) => T) | undefined;
}

/** Start of a runtime, or of a connection to one, with the handshake (`codex:start`). */
export interface StartTrace extends OperationTrace {
  /** Kind of the connection. */
  readonly transport: "stdio" | "unix" | "websocket";
  /** Version of the runtime, once it has responded. */
  readonly runtimeVersion?: string | undefined;
}

/** Request to the runtime, until its response is read (`codex:request`). */
export interface RequestTrace extends OperationTrace {
  /** Wire method. */
  readonly method: string;
  /** Id of the thread that the params name. */
  readonly threadId: string | undefined;
  /** Id of the turn that the params name. */
  readonly turnId: string | undefined;
  /** Trace context that is sent with the request. A subscriber of `start` may set it. */
  trace?: TraceContext | undefined;
}

/** Notification of the runtime (`codex:notification`). */
export interface NotificationTrace {
  /** Wire method. */
  readonly method: string;
  /** Id of the thread that the params name. */
  readonly threadId: string | undefined;
  /** Id of the turn that the params name. */
  readonly turnId: string | undefined;
}

/** Request of the runtime, until it has its response (`codex:serverRequest`). */
export interface ServerRequestTrace extends OperationTrace {
  /** Wire method. */
  readonly method: string;
  /** Id of the thread that the params name. */
  readonly threadId: string | undefined;
  /** Id of the turn that the params name. */
  readonly turnId: string | undefined;
  /** Kind of the response. `none` leaves the request to other clients of the runtime. */
  readonly response?: "result" | "error" | "none" | undefined;
}

/** Turn or goal that this client started, from its request to its end (`codex:turn`). */
export interface TurnTrace extends OperationTrace {
  /** Wire method of the start: `turn/start`, `review/start`, `thread/compact/start` or `thread/goal/set`. */
  readonly method: string;
  /** Id of the thread. A review may turn out to run on another than the one it was started on. */
  readonly threadId: string;
  /** Id of the turn, once the runtime has named it. */
  readonly turnId?: string | undefined;
  /** Name of the model, as far as this client knows it. */
  readonly model: string | undefined;
  /** Name of the model provider in the configuration, as far as this client knows it. */
  readonly modelProvider: string | undefined;
  /** Status at the end; unset for a turn whose end is not known. */
  readonly status?: Exclude<TurnStatus, "inProgress"> | undefined;
  /** Token usage of the turn, once it has ended and where the runtime reported it. */
  readonly usage?: TokenUsageBreakdown | undefined;
}

/** Call of a tool of the application (`codex:tool`). */
export interface ToolTrace extends OperationTrace {
  /** Name of the tool. */
  readonly tool: string;
  /** Id of the call, and of its `dynamicToolCall` item. */
  readonly callId: string;
  /** Id of the thread whose model made the call. */
  readonly threadId: string;
  /** Id of the turn that waits for the result. */
  readonly turnId: string;
  /** True if the call succeeded, once it has ended. */
  readonly isSuccess?: boolean | undefined;
}

/** Call of an approval handler (`codex:approval`). */
export interface ApprovalTrace extends OperationTrace {
  /** Kind of the request, as `onApproval` gets it. */
  readonly kind: string;
  /** Id of the thread. */
  readonly threadId: string | undefined;
  /** Id of the turn. */
  readonly turnId: string | undefined;
  /** Id of the item that needs the approval, where the request names one. */
  readonly itemId: string | undefined;
  /** The decision if it is one word, `custom` for any other; set once the handler has made a valid one. */
  readonly decision?: string | undefined;
}

/** End of a connection that had been opened (`codex:close`). */
export interface CloseTrace {
  /** Time from the end of the handshake on, in milliseconds. */
  readonly durationMs: number;
  /** Reason of the end: a `CodexClosedError` after `close()`, else a `TransportClosedError`. */
  readonly error: unknown;
}

/** Message of each channel, by its key in `CODEX_CHANNELS`. */
export interface CodexTraces {
  /** Message of `codex:start`. */
  start: StartTrace;
  /** Message of `codex:request`. */
  request: RequestTrace;
  /** Message of `codex:notification`. */
  notification: NotificationTrace;
  /** Message of `codex:serverRequest`. */
  serverRequest: ServerRequestTrace;
  /** Message of `codex:turn`. */
  turn: TurnTrace;
  /** Message of `codex:tool`. */
  tool: ToolTrace;
  /** Message of `codex:approval`. */
  approval: ApprovalTrace;
  /** Message of `codex:close`. */
  close: CloseTrace;
}
