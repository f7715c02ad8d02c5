import { InvalidOptionError } from "../../errors/codexError.js";
import {
  checkObject,
  checkOptions,
  checkText,
  checkWellFormed,
  describeValue,
  optionsOf,
} from "../../internal/validate.js";
import { responseFailed } from "./responsesEvents.js";
import type { StepKind } from "./scriptStep.js";

/** An end of the response with `response.failed`. Made by `failure()`. */
export interface FailureStep {
  readonly kind: "failure";
  /** The code of the error, such as `server_error`. */
  readonly code: string;
  /** The text of the error. */
  readonly message: string;
}

/** An end of the stream without `response.completed`. Made by `truncation()`. */
export interface TruncationStep {
  readonly kind: "truncation";
}

/** A cut of the connection. Made by `destroySocket()`. */
export interface DestroySocketStep {
  readonly kind: "destroySocket";
}

/** An HTTP response in place of a stream. Made by `httpStatus()`. */
export interface HttpStatusStep {
  readonly kind: "httpStatus";
  /** The HTTP status. */
  readonly status: number;
  /** The body as text. */
  readonly body: string;
  /** The headers, the content type included. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Options of `httpStatus()`. */
export interface HttpStatusOptions {
  /** The body. A string is sent as it stands, any other value as JSON. Defaults to an empty body. */
  readonly body?: unknown;
  /** Headers beside the content type. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const HTTP_STATUS_OPTIONS = optionsOf<HttpStatusOptions>({ body: true, headers: checkHeaders });

/**
 * Makes a step that ends the response with `response.failed` and a code, such as `server_error` or
 * `context_length_exceeded`.
 *
 * @example
 * ```ts
 * harness.model.enqueue(failure("server_error", "The model is out of order."));
 * ```
 *
 * @throws InvalidOptionError
 */
export function failure(code: string, text: string): FailureStep {
  checkText("code", code);
  checkWellFormed("text", text);
  return { kind: "failure", code, message: text };
}

/**
 * Makes a step that ends the stream in good order, but without `response.completed`.
 *
 * @example
 * ```ts
 * harness.model.enqueue(message("So far"), truncation());
 * ```
 */
export function truncation(): TruncationStep {
  return { kind: "truncation" };
}

/**
 * Makes a step that cuts the connection.
 *
 * @example
 * ```ts
 * harness.model.enqueue(message("So far"), destroySocket());
 * ```
 */
export function destroySocket(): DestroySocketStep {
  return { kind: "destroySocket" };
}

/**
 * Makes a step that answers with an HTTP status in place of a stream. No step that sends something may
 * come before it.
 *
 * @example
 * ```ts
 * harness.model.enqueue(httpStatus(503));
 * ```
 *
 * @throws InvalidOptionError
 */
export function httpStatus(status: number, options: HttpStatusOptions = {}): HttpStatusStep {
  if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
    throw new InvalidOptionError(
      "status",
      `expected an HTTP status from 200 to 599, not ${describeValue(status)}.`,
    );
  }
  checkOptions("httpStatus()", options, HTTP_STATUS_OPTIONS);
  const { body = "", headers = {} } = options;
  const isText = typeof body === "string";
  const contentType = isText ? "text/plain; charset=utf-8" : "application/json";
  return {
    kind: "httpStatus",
    status,
    body: isText ? body : JSON.stringify(body),
    headers: { "content-type": contentType, ...headers },
  };
}

export const FAILURE: StepKind<FailureStep> = {
  kind: "failure",
  create: failure,
  effect: "ends",
  async play({ code, message }, stream) {
    await stream.send(responseFailed(stream.responseId, code, message));
    stream.end();
  },
};

export const TRUNCATION: StepKind<TruncationStep> = {
  kind: "truncation",
  create: truncation,
  effect: "ends",
  async play(_step, stream) {
    await stream.send();
    stream.end();
  },
};

export const DESTROY_SOCKET: StepKind<DestroySocketStep> = {
  kind: "destroySocket",
  create: destroySocket,
  effect: "ends",
  async play(_step, stream) {
    await stream.send();
    stream.cut();
  },
};

export const HTTP_STATUS: StepKind<HttpStatusStep> = {
  kind: "httpStatus",
  create: httpStatus,
  effect: "replaces",
  play: ({ status, headers, body }, stream) => stream.replace(status, headers, body),
};

function checkHeaders(name: string, value: unknown): void {
  checkObject(name, value);
  for (const [header, text] of Object.entries(Object(value))) checkText(`${name}.${header}`, text);
}
