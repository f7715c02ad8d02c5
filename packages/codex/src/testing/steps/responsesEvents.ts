/** An event in a stream of the Responses API, as JSON. */
export interface ResponsesEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The tokens that a scripted response reports as used. */
export interface ScriptedUsage {
  /**
   * All input tokens, the cached ones included.
   *
   * @default 1
   */
  readonly inputTokens?: number | undefined;
  /**
   * The part of the input that was cached.
   *
   * @default 0
   */
  readonly cachedInputTokens?: number | undefined;
  /**
   * All output tokens, the reasoning ones included.
   *
   * @default 1
   */
  readonly outputTokens?: number | undefined;
  /**
   * The part of the output that was reasoning.
   *
   * @default 0
   */
  readonly reasoningOutputTokens?: number | undefined;
  /** All tokens. Defaults to input plus output. */
  readonly totalTokens?: number | undefined;
}

/** The phase that a model gives to a message. Newer models may send others. */
export type MessagePhase = "commentary" | "final_answer" | (string & {});

interface MessageFields {
  readonly id: string;
  readonly phase?: MessagePhase | undefined;
}

interface FunctionCallFields {
  readonly callId: string;
  readonly name: string;
  readonly arguments: string;
  readonly namespace?: string | undefined;
}

interface ReasoningFields {
  readonly id: string;
  readonly summary: readonly string[];
  readonly content: readonly string[];
}

export function responseCreated(responseId: string): ResponsesEvent {
  return { type: "response.created", response: { id: responseId } };
}

export function responseCompleted(responseId: string, usage: ScriptedUsage): ResponsesEvent {
  const inputTokens = usage.inputTokens ?? 1;
  const outputTokens = usage.outputTokens ?? 1;
  return {
    type: "response.completed",
    response: {
      id: responseId,
      usage: {
        input_tokens: inputTokens,
        input_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0 },
        output_tokens: outputTokens,
        output_tokens_details: { reasoning_tokens: usage.reasoningOutputTokens ?? 0 },
        total_tokens: usage.totalTokens ?? inputTokens + outputTokens,
      },
    },
  };
}

export function responseFailed(responseId: string, code: string, message: string): ResponsesEvent {
  return { type: "response.failed", response: { id: responseId, error: { code, message } } };
}

/** The beginning of a message, without text. */
export function messageAdded(fields: MessageFields): ResponsesEvent {
  return { type: "response.output_item.added", item: messageItem(fields, []) };
}

export function outputTextDelta(itemId: string, delta: string): ResponsesEvent {
  return { type: "response.output_text.delta", item_id: itemId, delta };
}

/** A complete message. Without the events before it, the message was not streamed. */
export function messageDone(fields: MessageFields, text: string): ResponsesEvent {
  return {
    type: "response.output_item.done",
    item: messageItem(fields, [{ type: "output_text", text }]),
  };
}

export function functionCallDone(fields: FunctionCallFields): ResponsesEvent {
  return {
    type: "response.output_item.done",
    item: {
      type: "function_call",
      call_id: fields.callId,
      ...(fields.namespace === undefined ? {} : { namespace: fields.namespace }),
      name: fields.name,
      arguments: fields.arguments,
    },
  };
}

/** The events of a reasoning item, as a real model streams it: its beginning, its parts, its end. */
export function reasoningEvents(fields: ReasoningFields): ResponsesEvent[] {
  const { id, summary, content } = fields;
  const item = (isDone: boolean) => ({
    type: "reasoning",
    id,
    summary: isDone ? summary.map((text) => ({ type: "summary_text", text })) : [],
    content: isDone ? content.map((text) => ({ type: "reasoning_text", text })) : [],
  });
  return [
    { type: "response.output_item.added", item: item(false) },
    ...summary.flatMap((delta, index) => [
      { type: "response.reasoning_summary_part.added", item_id: id, summary_index: index },
      {
        type: "response.reasoning_summary_text.delta",
        item_id: id,
        summary_index: index,
        delta,
      },
    ]),
    ...content.map((delta, index) => ({
      type: "response.reasoning_text.delta",
      item_id: id,
      content_index: index,
      delta,
    })),
    { type: "response.output_item.done", item: item(true) },
  ];
}

/** Formats an event as server-sent text. */
export function toSse(event: ResponsesEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function messageItem(fields: MessageFields, content: readonly unknown[]): object {
  return {
    type: "message",
    role: "assistant",
    id: fields.id,
    ...(fields.phase === undefined ? {} : { phase: fields.phase }),
    content,
  };
}
