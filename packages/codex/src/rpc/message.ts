import { isObject } from "../internal/isObject.js";

export { isObject };

/** Ids that the runtime gives to its own requests; ours are numbers, in a space of their own. */
export type RequestId = string | number;

export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

export interface NotificationMessage {
  readonly kind: "notification";
  readonly method: string;
  readonly params: unknown;
  /** When the runtime sent it, in milliseconds since 1970; older runtimes do not say. */
  readonly emittedAtMs?: number;
}

export interface RequestMessage {
  readonly kind: "request";
  readonly id: RequestId;
  readonly method: string;
  readonly params: unknown;
}

/** One message of the runtime, told apart by its shape; the wire has no `jsonrpc` member. */
export type IncomingMessage =
  | NotificationMessage
  | RequestMessage
  | { readonly kind: "result"; readonly id: RequestId; readonly result: unknown }
  | { readonly kind: "error"; readonly id: RequestId; readonly error: WireError }
  | {
      readonly kind: "invalid";
      readonly reason: string;
      /** The request that this was meant to answer. */
      readonly id?: RequestId;
    };

/** Reads one line. Never throws: what is no message is `invalid`, with the reason. */
export function parseMessage(text: string): IncomingMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: "invalid", reason: error instanceof Error ? error.message : String(error) };
  }
  return classifyMessage(value);
}

/** Tells what kind of message an already parsed value is. */
export function classifyMessage(value: unknown): IncomingMessage {
  if (!isObject(value)) return { kind: "invalid", reason: "not an object" };
  const { id, method, params, emittedAtMs } = value;
  if (typeof method === "string") {
    if (isRequestId(id)) return { kind: "request", id, method, params };
    if (id !== undefined && id !== null) {
      return { kind: "invalid", reason: "the id is no text and no whole number below 2^53" };
    }
    return {
      kind: "notification",
      method,
      params,
      ...(typeof emittedAtMs === "number" ? { emittedAtMs } : {}),
    };
  }
  if (!isRequestId(id)) return { kind: "invalid", reason: "neither a method nor an id" };
  const { error, result } = value;
  if (error !== undefined && error !== null)
    return { kind: "error", id, error: toWireError(error) };
  if (result !== undefined) return { kind: "result", id, result };
  return { kind: "invalid", reason: "neither a result nor an error", id };
}

/** A number beyond 2^53 was rounded as it was read: an answer under it could be another request's. */
function isRequestId(value: unknown): value is RequestId {
  return typeof value === "string" || Number.isSafeInteger(value);
}

function toWireError(value: unknown): WireError {
  const error = isObject(value) ? value : {};
  const { code, message, data } = error;
  return {
    code: typeof code === "number" ? code : -32000,
    message: typeof message === "string" ? message : "unknown error",
    ...(data === undefined ? {} : { data }),
  };
}
