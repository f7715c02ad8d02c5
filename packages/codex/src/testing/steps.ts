import type { Gate } from "./gate.js";
import type { MessagePhase, ScriptedUsage } from "./responsesEvents.js";

/** A whole assistant message, sent at once. */
export interface MessageStep {
  readonly kind: "message";
  /** What the model says. */
  readonly text: string;
  /** The id of the item. */
  readonly id?: string;
  /** Whether it is commentary or the final answer. */
  readonly phase?: MessagePhase;
}

/** A pause of `ms` milliseconds. */
export interface DelayStep {
  readonly kind: "delay";
  /** How long, in milliseconds. */
  readonly ms: number;
}

/** A piece of a streamed message: a delta of its text, or a pause before the next one. */
export type StreamPart = string | DelayStep | Gate;

/** An assistant message that comes delta by delta. */
export interface StreamedMessageStep {
  readonly kind: "streamedMessage";
  /** The deltas, and the pauses between them. */
  readonly parts: Iterable<StreamPart>;
  /** The id of the item. */
  readonly id?: string;
  /** Whether it is commentary or the final answer. */
  readonly phase?: MessagePhase;
}

/** A reasoning item with its summaries and its raw texts. */
export interface ReasoningStep {
  readonly kind: "reasoning";
  /** What users are shown. */
  readonly summary: readonly string[];
  /** The raw texts. */
  readonly content: readonly string[];
  /** The id of the item. */
  readonly id?: string;
}

/** The model calls a tool. */
export interface FunctionCallStep {
  readonly kind: "functionCall";
  /** The tool's name. */
  readonly name: string;
  /** JSON text, as the model would write it. */
  readonly arguments: string;
  /** The id by which the tool's answer names the call. */
  readonly callId?: string;
  /** The namespace of the tool. */
  readonly namespace?: string;
}

/** What the response says it used, told as it completes. */
export interface UsageStep {
  readonly kind: "usage";
  /** The tokens. */
  readonly usage: ScriptedUsage;
}

/** Text put into the stream as it stands. */
export interface RawSseStep {
  readonly kind: "rawSse";
  /** The bytes of the stream, as text. */
  readonly text: string;
}

/** The response ends with `response.failed`. */
export interface FailureStep {
  readonly kind: "failure";
  /** The code of the error, such as `server_error`. */
  readonly code: string;
  /** The text of the error. */
  readonly message: string;
}

/** The stream ends here in good order, without `response.completed`. */
export interface TruncationStep {
  readonly kind: "truncation";
}

/** The connection is cut here. */
export interface DestroySocketStep {
  readonly kind: "destroySocket";
}

/** An HTTP answer in place of a stream. */
export interface HttpStatusStep {
  readonly kind: "httpStatus";
  /** The HTTP status. */
  readonly status: number;
  /** The body as text. */
  readonly body: string;
  /** The headers, the content type among them. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * One step of a scripted response. The stream opens with the first step that sends something, and
 * `response.completed` follows the last one, unless a step ends the response in another way.
 */
export type ScriptStep =
  | MessageStep
  | StreamedMessageStep
  | ReasoningStep
  | FunctionCallStep
  | UsageStep
  | RawSseStep
  | DelayStep
  | Gate
  | FailureStep
  | TruncationStep
  | DestroySocketStep
  | HttpStatusStep;

/** Options of a message; without an `id` the model makes up one that is unique to it. */
export interface MessageOptions {
  /** The id of the item. */
  readonly id?: string;
  /** Left out, the message has no phase, as older models answer. */
  readonly phase?: MessagePhase;
}

/** Options of a tool call; without a `callId` the model makes up one that is unique to it. */
export interface FunctionCallOptions {
  /** The id by which the tool's answer names the call. */
  readonly callId?: string;
  /** The namespace of the tool: `mcp__<server>` for a tool of an MCP server. */
  readonly namespace?: string;
}

/** What an HTTP answer holds besides its status. */
export interface HttpStatusOptions {
  /** A string is sent as it stands, anything else as JSON. Default: empty. */
  readonly body?: unknown;
  /** Headers beside the content type. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A whole assistant message. */
export function message(text: string, options: MessageOptions = {}): MessageStep {
  return { kind: "message", text, ...options };
}

/** An assistant message that is streamed: each string is one delta; a gate or a delay between them pauses it. */
export function streamedMessage(
  parts: Iterable<StreamPart>,
  options: MessageOptions = {},
): StreamedMessageStep {
  return { kind: "streamedMessage", parts, ...options };
}

/** A reasoning item: `summary` is what users are shown, `content` the raw text. */
export function reasoning(
  summary: string | readonly string[],
  options: { readonly content?: readonly string[]; readonly id?: string } = {},
): ReasoningStep {
  const { content = [], ...rest } = options;
  const summaries = typeof summary === "string" ? [summary] : summary;
  return { kind: "reasoning", summary: summaries, content, ...rest };
}

/** A call of the tool `name`. `args` is sent as JSON, a string as it stands: that may be broken JSON. */
export function functionCall(
  name: string,
  args: object | string,
  options: FunctionCallOptions = {},
): FunctionCallStep {
  const json = typeof args === "string" ? args : JSON.stringify(args);
  return { kind: "functionCall", name, arguments: json, ...options };
}

/** A call of the runtime's shell tool. `args` are more of its arguments, such as `sandbox_permissions`. */
export function shellCall(
  command: string,
  args: Readonly<Record<string, unknown>> = {},
  options: FunctionCallOptions = {},
): FunctionCallStep {
  return functionCall("exec_command", { cmd: command, ...args }, options);
}

/** The usage that the response reports; without this step it is one token in and one out. */
export function usage(scripted: ScriptedUsage): UsageStep {
  return { kind: "usage", usage: scripted };
}

/** Text put into the stream as it stands: an event that this module has no word for, or rubbish. */
export function rawSse(text: string): RawSseStep {
  return { kind: "rawSse", text };
}

/** A pause of `ms` milliseconds. In tests a `Gate` is the better pause: it cannot be too short. */
export function delay(ms: number): DelayStep {
  return { kind: "delay", ms };
}

/** The model fails: `response.failed` with this code, such as `server_error` or `context_length_exceeded`. */
export function failure(code: string, text: string): FailureStep {
  return { kind: "failure", code, message: text };
}

/** The stream ends early: in good order, but without `response.completed`. */
export function truncation(): TruncationStep {
  return { kind: "truncation" };
}

/** The connection is cut. */
export function destroySocket(): DestroySocketStep {
  return { kind: "destroySocket" };
}

/** An HTTP answer, an error as a rule, in place of a stream. Nothing may have been sent before it. */
export function httpStatus(status: number, options: HttpStatusOptions = {}): HttpStatusStep {
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
