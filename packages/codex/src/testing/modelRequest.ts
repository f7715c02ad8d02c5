import { CodexError } from "../errors.js";
import { checkText } from "../internal/validate.js";

/** An HTTP request as it was received. */
export interface ReceivedRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  /** The headers, by name in lower case. Repeated headers are joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text. */
  readonly body: string;
}

/** The output of a tool, as the runtime sent it back to the model. */
export interface FunctionCallOutput {
  /** The id of the call that the output belongs to. */
  readonly callId: string;
  /** The text of the output. The texts of several content items are joined by newlines. */
  readonly text: string;
  /** The output as it is in the request. */
  readonly output: unknown;
}

/**
 * A request of the runtime to the model, with readers for the facts that tests check. The readers throw a
 * `CodexError` (`PROTOCOL`) when the body is not a JSON object.
 */
export class ModelRequest implements ReceivedRequest {
  /** The place of this request among all requests of its `ScriptedModel`, counted from 1. */
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

  /** Returns the parsed body. */
  json(): Readonly<Record<string, unknown>> {
    if (this.#json === undefined) this.#json = parseBody(this);
    return this.#json;
  }

  /** Returns the value of a header. The case of `name` does not matter. */
  header(name: string): string | undefined {
    checkText("name", name);
    return this.headers[name.toLowerCase()];
  }

  /** Returns the name of the requested model. */
  modelName(): string | undefined {
    return textOf(this.json()["model"]);
  }

  /** Returns the id of the thread, which the runtime sends as the key of the prompt cache. */
  threadId(): string | undefined {
    return textOf(this.json()["prompt_cache_key"]);
  }

  /** Returns every item of the conversation, in order. */
  inputItems(): Readonly<Record<string, unknown>>[] {
    return listOf(this.json()["input"]).filter(isRecord);
  }

  /** Returns the texts of the messages of a role, in order. They include the history of the thread. */
  messageTexts(role: string): string[] {
    checkText("role", role);
    return this.#contentOf(role)
      .map((item) => textOf(item["text"]))
      .filter(isText);
  }

  /** Returns the texts of the user's messages. They include the runtime's own context (`<environment_context>`). */
  userTexts(): string[] {
    return this.messageTexts("user");
  }

  /** Returns the last of the user's texts, which is usually the input of this turn. */
  lastUserText(): string | undefined {
    return this.userTexts().at(-1);
  }

  /** Returns the images in the user's messages, as data URLs. */
  imageUrls(): string[] {
    return this.#contentOf("user")
      .filter((item) => item["type"] === "input_image")
      .map((item) => textOf(item["image_url"]))
      .filter(isText);
  }

  /** Returns the names of the offered tools: `namespace.name` for a tool in a namespace, the type for a hosted tool. */
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

  /** Returns the outputs of tools, in order. They include the history of the thread. */
  functionCallOutputs(): FunctionCallOutput[] {
    return this.inputItems()
      .filter((item) => item["type"] === "function_call_output")
      .map(({ call_id: callId, output }) => ({
        callId: textOf(callId) ?? "",
        text: outputText(output),
        output,
      }));
  }

  /** Returns the format of the output schema (`text.format`), or `undefined` without a schema. */
  textFormat(): Readonly<Record<string, unknown>> | undefined {
    const text = this.json()["text"];
    const format = isRecord(text) ? text["format"] : undefined;
    return isRecord(format) ? format : undefined;
  }

  /** Returns the requested reasoning effort, or `undefined`. */
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
