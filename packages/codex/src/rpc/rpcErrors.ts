import { CodexError, type CodexErrorCode } from "../errors.js";
import { maskSecrets, maskSecretsIn } from "../internal/secrets.js";

/** What the runtime answered in place of a result. */
export interface RpcErrorFacts {
  /** The wire method of the request that failed. */
  readonly method: string;
  /** The numeric JSON-RPC code. */
  readonly rpcCode: number;
  /** The runtime's words. */
  readonly message: string;
  /** The error's `data`; `undefined` if there was none. */
  readonly data?: unknown;
}

/** The runtime answered a request with a JSON-RPC error. The subclasses name the known codes. */
export class JsonRpcError extends CodexError {
  override name = "JsonRpcError";
  /** The numeric JSON-RPC code. */
  readonly rpcCode: number;
  /** The error's `data`, secrets masked; `undefined` if there was none. */
  readonly data: unknown;
  /** The wire method of the request that failed. */
  readonly method: string;

  constructor(facts: RpcErrorFacts, code: CodexErrorCode = "JSON_RPC") {
    super(code, maskSecrets(`${facts.method}: ${facts.message} (JSON-RPC error ${facts.rpcCode})`));
    this.rpcCode = facts.rpcCode;
    this.data = maskSecretsIn(facts.data);
    this.method = facts.method;
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
  constructor(facts: RpcErrorFacts) {
    super(facts, "INVALID_REQUEST");
  }
}

/** −32601: the method is not supported. */
export class MethodNotFoundError extends JsonRpcError {
  override name = "MethodNotFoundError";
  constructor(facts: RpcErrorFacts) {
    super(facts, "METHOD_NOT_FOUND");
  }
}

/** −32602: the parameters are refused; `data` may say why. */
export class InvalidParamsError extends JsonRpcError {
  override name = "InvalidParamsError";
  constructor(facts: RpcErrorFacts) {
    super(facts, "INVALID_PARAMS");
  }
}

/** −32603: the runtime failed inside. */
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

/** The runtime gave up after its own retries. */
export class RetryLimitExceededError extends ServerBusyError {
  override name = "RetryLimitExceededError";
  constructor(facts: RpcErrorFacts) {
    super(facts, "RETRY_LIMIT_EXCEEDED");
  }
}

const OVERLOADED_CODE = -32001;

/** The error class that the wire's code, message and data ask for. */
export function toJsonRpcError(facts: RpcErrorFacts): JsonRpcError {
  switch (facts.rpcCode) {
    case -32700:
      return new ParseError(facts);
    case -32600:
      return new InvalidRequestError(facts);
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

function toServerError(facts: RpcErrorFacts): JsonRpcError {
  const isServerCode = facts.rpcCode >= -32099 && facts.rpcCode <= -32000;
  if (!isServerCode) return new JsonRpcError(facts);
  if (saysRetryLimit(facts.message)) return new RetryLimitExceededError(facts);
  if (facts.rpcCode === OVERLOADED_CODE || saysOverloaded(facts.data)) {
    return new ServerBusyError(facts);
  }
  return new JsonRpcError(facts);
}

function saysRetryLimit(message: string): boolean {
  return /retry limit|too many failed attempts/i.test(message);
}

/** Far deeper than the runtime nests the word; without a bound, a nest could exhaust the stack. */
const MAX_DEPTH = 32;

/** Whether the text `server_overloaded` or `serverOverloaded` stands anywhere in `data`. */
export function saysOverloaded(data: unknown, depth = 0): boolean {
  if (typeof data === "string") return /^server_?overloaded$/i.test(data);
  if (typeof data !== "object" || data === null || depth > MAX_DEPTH) return false;
  if (Array.isArray(data)) return data.some((member) => saysOverloaded(member, depth + 1));
  // An externally tagged variant has the word as its key: { serverOverloaded: {…} }.
  return Object.entries(data).some(
    ([key, value]) => saysOverloaded(key) || saysOverloaded(value, depth + 1),
  );
}
