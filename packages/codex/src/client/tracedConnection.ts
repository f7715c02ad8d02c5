import { InvalidOptionError } from "../errors.js";
import { isObject } from "../internal/isObject.js";
import { queueMicrotask } from "../internal/timers.js";
import { threadIdOf, turnIdOf } from "../router/routingKeys.js";
import type { Connection } from "../rpc/connection.js";
import type { ConnectionListener } from "../rpc/connectionListener.js";
import type { DispatchOptions, TraceContext } from "../rpc/requestOptions.js";
import { eventChannels } from "../tracing/channels.js";
import { traceOperation } from "../tracing/operation.js";

const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/** Sends a request (`codex:request`), with the trace context that a subscriber sets. */
export function sendRequest(
  connection: Connection,
  method: string,
  params: unknown,
  options: DispatchOptions = {},
): Promise<unknown> {
  return traceOperation(
    "request",
    () => ({ method, threadId: threadIdOf(params), turnId: turnIdOf(params) }),
    (trace) => {
      if (trace?.trace === undefined) return connection.request(method, params, options);
      const traceContext = readableContext(trace.trace);
      return connection.request(method, params, { ...options, traceContext });
    },
  );
}

/** Returns a listener that also publishes each notification (`codex:notification`). */
export function tracedListener(listener: ConnectionListener): ConnectionListener {
  const { notification } = eventChannels;
  return {
    ...listener,
    onNotification: (message) => {
      if (notification.hasSubscribers) {
        const { method, params } = message;
        notification.publish({ method, threadId: threadIdOf(params), turnId: turnIdOf(params) });
      }
      return listener.onNotification(message);
    },
  };
}

/** Returns the trace context if the runtime can read it: for another one it would never respond. */
function readableContext(context: TraceContext): TraceContext | undefined {
  const given: unknown = context;
  const { traceparent, tracestate } = isObject(given) ? given : {};
  const isReadable =
    typeof traceparent === "string" &&
    TRACEPARENT.test(traceparent) &&
    (tracestate === undefined || typeof tracestate === "string");
  if (isReadable) return { traceparent, tracestate };
  // The fault of a subscriber must not break the request: reported as any error that one throws.
  queueMicrotask(() => {
    throw new InvalidOptionError(
      "trace",
      "expected { traceparent, tracestate? } after W3C Trace Context, set by a subscriber of codex:request; the request is sent without.",
    );
  });
  return undefined;
}
