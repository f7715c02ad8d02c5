import { isObject } from "../internal/isObject.js";

/** Id of a JSON-RPC request. Ids of the app-server and of this client are two separate number spaces. */
export type RequestId = string | number;

/** Error member of a response. */
export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** Notification as parsed from the wire; the object is handed on to consumers as it is. */
export interface NotificationMessage {
  readonly method: string;
  readonly params: unknown;
  /** Send time in milliseconds since 1970; older runtimes leave it out. */
  readonly emittedAtMs?: number;
}

/** Request of the app-server, as parsed from the wire. */
export interface RequestMessage {
  readonly id: RequestId;
  readonly method: string;
  readonly params: unknown;
}

/** One incoming message, classified by its shape; the wire has no `jsonrpc` member. */
export type IncomingMessage =
  | { readonly kind: "notification"; readonly message: NotificationMessage }
  | { readonly kind: "request"; readonly message: RequestMessage }
  | { readonly kind: "result"; readonly id: RequestId; readonly result: unknown }
  | { readonly kind: "error"; readonly id: RequestId; readonly error: WireError }
  | {
      readonly kind: "invalid";
      readonly reason: string;
      /** Id of the request that the message was meant to respond to. */
      readonly id?: RequestId | undefined;
    };

/** Parses one line. Never throws: text that is not a message is `invalid`, with the reason. */
export function parseMessage(text: string): IncomingMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: "invalid", reason: error instanceof Error ? error.message : String(error) };
  }
  return classifyMessage(value);
}

/** Classifies a parsed value as one kind of message. */
export function classifyMessage(value: unknown): IncomingMessage {
  if (!isObject(value)) return { kind: "invalid", reason: "not an object" };
  const { id } = value;
  if (typeof value["method"] === "string") return classifyCall(value, id);
  if (!isRequestId(id)) return { kind: "invalid", reason: "neither a method nor an id" };
  const { error, result } = value;
  if (error !== undefined && error !== null) {
    return { kind: "error", id, error: toWireError(error) };
  }
  if (result !== undefined) return { kind: "result", id, result };
  return { kind: "invalid", reason: "neither a result nor an error", id };
}

function classifyCall(value: Readonly<Record<string, unknown>>, id: unknown): IncomingMessage {
  if (id === undefined || id === null) {
    const { emittedAtMs } = value;
    const hasTime = emittedAtMs === undefined || typeof emittedAtMs === "number";
    const message = hasTime ? value : { ...value, emittedAtMs: undefined };
    // SAFETY: the caller checked that `method` is a string; `params` is unknown in both types.
    return { kind: "notification", message: message as unknown as NotificationMessage };
  }
  // SAFETY: as above, and the id is checked here.
  if (isRequestId(id)) return { kind: "request", message: value as unknown as RequestMessage };
  return { kind: "invalid", reason: "the id is neither a string nor a whole number below 2^53" };
}

/** A number beyond 2^53 was rounded by the parser: the response could be that of another request. */
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
