import { CodexError } from "../errors.js";

/** What came in over HTTP, before anyone has looked at it. */
export interface ReceivedRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  /** Header names in lower case; a header that came several times is joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text. */
  readonly body: string;
}

/** A tool's answer as the runtime sent it back to the model. */
export interface FunctionCallOutput {
  /** The id of the call that it answers. */
  readonly callId: string;
  /** The text; an answer of several content items is its texts, joined by newlines. */
  readonly text: string;
  /** As it stood in the request. */
  readonly output: unknown;
}

/**
 * One request that the runtime made to the model, with readers for what tests ask of it. The readers
 * throw a `CodexError` (`PROTOCOL`) when the body is not a JSON object.
 */
export class ModelRequest implements ReceivedRequest {
  /** Counts the model requests of one `ScriptedModel`, from 1. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  #json: Readonly<Record<string, unknown>> | undefined;

  constructor(number: number, received: ReceivedRequest) {
    this.number = number;
    this.method = received.method;
    this.path = received.path;
    this.headers = received.headers;
    this.body = received.body;
  }

  /** The body, parsed. */
  json(): Readonly<Record<string, unknown>> {
    if (this.#json === undefined) this.#json = parseBody(this);
    return this.#json;
  }

  /** The header's value, whatever the case of `name`. */
  header(name: string): string | undefined {
    return this.headers[name.toLowerCase()];
  }

  /** The model that was asked for. */
  modelName(): string | undefined {
    return textOf(this.json()["model"]);
  }

  /** The id of the thread, as the runtime gives it to the model's prompt cache. */
  threadId(): string | undefined {
    return textOf(this.json()["prompt_cache_key"]);
  }

  /** Every item of the conversation that was sent, in order. */
  inputItems(): Readonly<Record<string, unknown>>[] {
    return listOf(this.json()["input"]).filter(isRecord);
  }

  /** The texts of the messages of `role`, in order, the whole history among them. */
  messageTexts(role: string): string[] {
    return this.#contentOf(role)
      .map((item) => textOf(item["text"]))
      .filter(isText);
  }

  /** The texts of the user's messages: the runtime's own context (`<environment_context>`) among them. */
  userTexts(): string[] {
    return this.messageTexts("user");
  }

  /** The last of the user's texts: what this turn asked, as a rule. */
  lastUserText(): string | undefined {
    return this.userTexts().at(-1);
  }

  /** The images in the user's messages, as data URLs. */
  imageUrls(): string[] {
    return this.#contentOf("user")
      .filter((item) => item["type"] === "input_image")
      .map((item) => textOf(item["image_url"]))
      .filter(isText);
  }

  /** The tools that were offered. Those of a namespace are `namespace.name`, hosted ones go by their type. */
  toolNames(): string[] {
    return listOf(this.json()["tools"])
      .filter(isRecord)
      .flatMap((tool) => {
        const name = textOf(tool["name"]) ?? textOf(tool["type"]) ?? "";
        if (tool["type"] !== "namespace") return [name];
        const members = listOf(tool["tools"]).filter(isRecord);
        return members.map((member) => `${name}.${textOf(member["name"]) ?? ""}`);
      });
  }

  /** The tools' answers that were sent back, in order, the whole history among them. */
  functionCallOutputs(): FunctionCallOutput[] {
    return this.inputItems()
      .filter((item) => item["type"] === "function_call_output")
      .map(({ call_id: callId, output }) => ({
        callId: textOf(callId) ?? "",
        text: outputText(output),
        output,
      }));
  }

  /** The format that an output schema asks for (`text.format`), or `undefined`. */
  textFormat(): Readonly<Record<string, unknown>> | undefined {
    const text = this.json()["text"];
    const format = isRecord(text) ? text["format"] : undefined;
    return isRecord(format) ? format : undefined;
  }

  /** The reasoning effort that was asked for, or `undefined`. */
  reasoningEffort(): string | undefined {
    const reasoning = this.json()["reasoning"];
    return isRecord(reasoning) ? textOf(reasoning["effort"]) : undefined;
  }

  #contentOf(role: string): Readonly<Record<string, unknown>>[] {
    return this.inputItems()
      .filter((item) => item["type"] === "message" && item["role"] === role)
      .flatMap((item) => listOf(item["content"]).filter(isRecord));
  }
}

function parseBody(request: ReceivedRequest): Readonly<Record<string, unknown>> {
  let cause: unknown;
  try {
    const parsed: unknown = JSON.parse(request.body);
    if (isRecord(parsed)) return parsed;
  } catch (error) {
    cause = error;
  }
  throw new CodexError(
    "PROTOCOL",
    `The body of ${request.method} ${request.path} is not a JSON object: ${request.body.slice(0, 200)}`,
    cause === undefined ? undefined : { cause },
  );
}

function outputText(output: unknown): string {
  if (typeof output === "string") return output;
  return listOf(output)
    .filter(isRecord)
    .map((item) => textOf(item["text"]))
    .filter(isText)
    .join("\n");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}
