import type { Timers } from "../internal/timers.js";
import { checkDuration, checkSignal } from "../internal/validate.js";
import type { RequestPriority } from "./pendingRequests.js";

/** Ways to end the wait for a response early; the app-server may act on the request all the same. */
export interface RequestOptions {
  /** Aborting rejects the call with the signal's reason; an unsent request is never sent. */
  readonly signal?: AbortSignal | undefined;
  /** Rejects with a `RequestTimeoutError` when no response has come after this many milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** Names and checks of the request options, for the option tables of methods. */
export const REQUEST_CHECKS = {
  signal: checkSignal,
  timeoutMs: checkDuration,
} as const satisfies Readonly<Record<keyof RequestOptions, unknown>>;

/** Returns only the request options of an options object. */
export function toRequestOptions({ signal, timeoutMs }: RequestOptions = {}): RequestOptions {
  return { signal, timeoutMs };
}

/** State of the caller when its response is read. */
export interface CallerState {
  /** True if the caller has left: its signal aborted, or its timeout passed. */
  readonly hasLeft: boolean;
}

/** Trace context after W3C Trace Context, sent beside the params of a request. */
export interface TraceContext {
  /** Version, trace id, span id and flags, such as `00-<32 hex digits>-<16 hex digits>-01`. */
  readonly traceparent: string;
  /** List of the tracing systems' own members. */
  readonly tracestate?: string | undefined;
}

/** Options of a request that the SDK itself sends. */
export interface DispatchOptions extends RequestOptions {
  /** Share of the request slots. Defaults to `regular`. */
  readonly priority?: RequestPriority | undefined;
  /** Timers of `timeoutMs`. Defaults to the global ones; a limit that no caller has set uses those of the host. */
  readonly timers?: Timers | undefined;
  /** Trace context that the work for the request belongs to. */
  readonly traceContext?: TraceContext | undefined;
  /**
   * Called in the tick in which the response is read, before any later message is handled: state that
   * the response determines is in force from then on. Also called when the caller has left. What it
   * throws rejects the call.
   */
  readonly onResult?: ((result: unknown, caller: CallerState) => void) | undefined;
  /** Called in the tick in which the request is handed to the transport. */
  readonly onSent?: (() => void) | undefined;
  /** Called once when the request can have no more effect: answered, failed, forgotten or never sent. */
  readonly onSettled?: (() => void) | undefined;
}
