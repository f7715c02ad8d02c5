import { CodexError, type CodexErrorCode } from "../errors.js";
import type { SecretMasker } from "../internal/secrets.js";
import { RUNTIME_WORDING } from "./runtimeWording.js";

/** Error response of the runtime. */
export interface RpcErrorFacts {
  /** The wire method of the request that failed. */
  readonly method: string;
  /** The numeric JSON-RPC code. */
  readonly rpcCode: number;
  /** The runtime's own message. */
  readonly message: string;
  /** The error's `data`; `undefined` if there was none. */
  readonly data?: unknown;
}

/** The runtime refused a request with a JSON-RPC error. The subclasses stand for the known codes. */
export class JsonRpcError extends CodexError {
  override name = "JsonRpcError";
  /** The numeric JSON-RPC code. */
  readonly rpcCode: number;
  /** The error's `data`, secrets masked; `undefined` if there was none. */
  readonly data: unknown;
  /** The wire method of the request that failed. */
  readonly method: string;
  /** The runtime's own message, secrets masked, without the method, the code and the remedy that `message` adds. */
  readonly rpcMessage: string;

  constructor(facts: RpcErrorFacts, code: CodexErrorCode = "JSON_RPC", remedy?: string) {
    const refusal = `${facts.method}: ${facts.message} (JSON-RPC error ${facts.rpcCode})`;
    super(code, remedy === undefined ? refusal : `${refusal}; ${remedy}.`);
    this.rpcCode = facts.rpcCode;
    this.data = facts.data;
    this.method = facts.method;
    this.rpcMessage = facts.message;
  }
}

/** −32700: the runtime could not parse the message. */
export class ParseError extends JsonRpcError {
  override name = "ParseError";
  constructor(facts: RpcErrorFacts) {
    super(facts, "PARSE_ERROR");
  }
}

/** −32600: the request is refused; the runtime uses it for unknown methods and wrong parameters too. */
export class InvalidRequestError extends JsonRpcError {
  override name = "InvalidRequestError";
  constructor(facts: RpcErrorFacts, code: CodexErrorCode = "INVALID_REQUEST", remedy?: string) {
    super(facts, code, remedy);
  }
}

/** The thread does not exist, is archived, or is not loaded by this runtime. */
export class ThreadNotFoundError extends InvalidRequestError {
  override name = "ThreadNotFoundError";
  constructor(facts: RpcErrorFacts) {
    super(facts, "THREAD_NOT_FOUND", notFoundRemedyOf(facts.message));
  }
}

function notFoundRemedyOf(message: string): string {
  if (RUNTIME_WORDING.threadIdMalformed.test(message)) {
    return "pass the id of a thread as the runtime has given it, which is a UUID";
  }
  if (RUNTIME_WORDING.threadArchived.test(message)) {
    return "call codex.unarchiveThread(id) first";
  }
  if (RUNTIME_WORDING.noArchivedRollout.test(message)) {
    return "check the id and CODEX_HOME: only a thread that is archived there can be unarchived";
  }
  return "check the id and CODEX_HOME: a thread is stored there with its first turn, and an archived one has to be unarchived first";
}

/** The method works on stored threads, and this one is ephemeral, or does not have a turn yet. */
export class ThreadNotStoredError extends InvalidRequestError {
  override name = "ThreadNotStoredError";
  constructor(facts: RpcErrorFacts) {
    super(
      facts,
      "THREAD_NOT_STORED",
      "the thread is not stored: run a turn first; a thread that was started with ephemeral: true is never stored, so start it without",
    );
  }
}

/** The thread is open in another process, which has to close it first. */
export class ThreadInUseError extends InvalidRequestError {
  override name = "ThreadInUseError";
  constructor(facts: RpcErrorFacts) {
    super(
      facts,
      "THREAD_IN_USE",
      facts.method === "thread/unarchive"
        ? "a thread that this client has open is not archived; where another client has it open, close that client or call thread.unload() there"
        : "close the client there, or call thread.unload() there",
    );
  }
}

/** −32601: the method is not supported. */
export class MethodNotFoundError extends JsonRpcError {
  override name = "MethodNotFoundError";
  constructor(facts: RpcErrorFacts) {
    super(facts, "METHOD_NOT_FOUND");
  }
}

/** −32602: the parameters are refused; `data` may have the reason. */
export class InvalidParamsError extends JsonRpcError {
  override name = "InvalidParamsError";
  constructor(facts: RpcErrorFacts) {
    super(facts, "INVALID_PARAMS");
  }
}

/** −32603: the runtime had an internal error. */
export class InternalRpcError extends JsonRpcError {
  override name = "InternalRpcError";
  constructor(facts: RpcErrorFacts) {
    super(facts, "INTERNAL_ERROR");
  }
}

/** The runtime is overloaded: the request may be tried again later, see `retryOnOverload`. */
export class ServerBusyError extends JsonRpcError {
  override name = "ServerBusyError";
  constructor(facts: RpcErrorFacts, code: CodexErrorCode = "SERVER_BUSY") {
    super(facts, code);
  }
}

/** The runtime stopped after its own retries. */
export class RetryLimitExceededError extends ServerBusyError {
  override name = "RetryLimitExceededError";
  constructor(facts: RpcErrorFacts) {
    super(facts, "RETRY_LIMIT_EXCEEDED");
  }
}

const OVERLOADED_CODE = -32001;

/** Makes the error of the class that fits the wire's code, message and data, with secrets masked. */
export function toJsonRpcError(wire: RpcErrorFacts, secrets: SecretMasker): JsonRpcError {
  const facts = secrets.maskIn(wire);
  // The runtime uses several codes for it.
  if (RUNTIME_WORDING.threadNotStored.test(facts.message)) return new ThreadNotStoredError(facts);
  switch (facts.rpcCode) {
    case -32700:
      return new ParseError(facts);
    case -32600:
      return toInvalidRequest(facts);
    case -32601:
      return new MethodNotFoundError(facts);
    case -32602:
      return new InvalidParamsError(facts);
    case -32603:
      return new InternalRpcError(facts);
    default:
      return toServerError(facts);
  }
}

/** The runtime has one code for these; only its wording differs. */
function toInvalidRequest(facts: RpcErrorFacts): InvalidRequestError {
  if (RUNTIME_WORDING.threadNotFound.test(facts.message)) return new ThreadNotFoundError(facts);
  if (RUNTIME_WORDING.threadInUse.test(facts.message)) return new ThreadInUseError(facts);
  return new InvalidRequestError(facts);
}

function toServerError(facts: RpcErrorFacts): JsonRpcError {
  const isServerCode = facts.rpcCode >= -32099 && facts.rpcCode <= -32000;
  if (!isServerCode) return new JsonRpcError(facts);
  if (RUNTIME_WORDING.retryLimit.test(facts.message)) return new RetryLimitExceededError(facts);
  if (facts.rpcCode === OVERLOADED_CODE || saysOverloaded(facts.data)) {
    return new ServerBusyError(facts);
  }
  return new JsonRpcError(facts);
}

/** Far deeper than the runtime nests the word; without a bound, deep nesting could exhaust the stack. */
const MAX_DEPTH = 32;

/** Returns whether the text `server_overloaded` or `serverOverloaded` stands anywhere in `data`. */
export function saysOverloaded(data: unknown, depth = 0): boolean {
  if (typeof data === "string") return /^server_?overloaded$/i.test(data);
  if (typeof data !== "object" || data === null || depth > MAX_DEPTH) return false;
  if (Array.isArray(data)) return data.some((member) => saysOverloaded(member, depth + 1));
  // An externally tagged variant has the word as its key: { serverOverloaded: {…} }.
  return Object.entries(data).some(
    ([key, value]) => saysOverloaded(key) || saysOverloaded(value, depth + 1),
  );
}
