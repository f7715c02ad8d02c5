import { askRuntime } from "@codex-tools/typegen";
import { codexPath } from "@openai/codex-cli-bin";
import { Ajv, type ValidateFunction } from "ajv";

import type { Transcript, TranscriptLine } from "./transcript.js";

type SchemaFiles = ReadonlyMap<string, string>;

interface Union {
  readonly definitions?: unknown;
  readonly oneOf: readonly Variant[];
}

interface Variant {
  readonly properties: {
    readonly method: { readonly enum: readonly string[] };
    readonly params?: { readonly $ref?: string };
  };
}

/** Checks messages against the JSON schema that a runtime generates of its protocol. */
export class MessageSchema {
  readonly #files: SchemaFiles;
  readonly #validators = new Map<string, ValidateFunction>();
  // The formats are Rust's integer types, which JSON numbers do not have.
  readonly #ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

  private constructor(files: SchemaFiles) {
    this.#files = files;
  }

  /** Reads the schema of the pinned runtime, including its experimental parts. */
  static async ofPinnedRuntime(): Promise<MessageSchema> {
    return new MessageSchema((await askRuntime(codexPath())).experimentalSchemas);
  }

  /** Lists the lines that do not match the schema, each with its number. */
  problemsOf(transcript: Transcript): string[] {
    return transcript.flatMap((line, index) =>
      this.#problemsOf(line, transcript).map((problem) => `line ${index + 1}: ${problem}`),
    );
  }

  #problemsOf(line: TranscriptLine, transcript: Transcript): string[] {
    const { from, message } = line;
    const isClient = from === "client";
    if (message.method !== undefined) {
      const kind = message.id === undefined ? "Notification" : "Request";
      return this.#checkVariant(
        `${isClient ? "Client" : "Server"}${kind}`,
        message.method,
        message,
      );
    }
    if (message.error !== undefined) return this.#check("JSONRPCError.json", message);
    const request = transcript.find(
      (other) => other.from !== from && other.message.id === message.id && other.message.method,
    );
    if (request?.message.method === undefined) return [`answers an unknown request ${message.id}`];
    const union = isClient ? "ServerRequest" : "ClientRequest";
    const file = this.#responseFile(union, request.message.method);
    if (file === undefined) return [`the schema has no response to ${request.message.method}`];
    return this.#check(file, message.result);
  }

  #checkVariant(union: string, method: string, message: unknown): string[] {
    const variant = this.#variantOf(union, method);
    if (variant === undefined) return [`${union} has no ${method}`];
    const { definitions } = this.#union(union);
    return this.#validate(`${union} ${method}`, { ...variant, definitions }, message);
  }

  #check(file: string, value: unknown): string[] {
    return this.#validate(file, this.#parse(file), value);
  }

  #validate(name: string, schema: object, value: unknown): string[] {
    const validate = this.#validators.get(name) ?? this.#ajv.compile(schema);
    this.#validators.set(name, validate);
    if (validate(value)) return [];
    return [`${name}: ${this.#ajv.errorsText(validate.errors)}`];
  }

  /** Applies the protocol's naming rule: the response to `XParams` is `XResponse`. */
  #responseFile(union: string, method: string): string | undefined {
    const params = this.#variantOf(union, method)?.properties.params?.$ref ?? "";
    const name = params.replace(/^#\/definitions\//u, "").replace(/Params$/u, "Response.json");
    return ["v2/", "v1/", ""].map((folder) => folder + name).find((path) => this.#files.has(path));
  }

  #variantOf(union: string, method: string): Variant | undefined {
    return this.#union(union).oneOf.find(({ properties }) =>
      properties.method.enum.includes(method),
    );
  }

  #union(name: string): Union {
    // SAFETY: the runtime generates unions of messages in this form; another form throws at its first use.
    return this.#parse(`${name}.json`) as Union;
  }

  #parse(file: string): object {
    const text = this.#files.get(file);
    if (text === undefined) throw new Error(`The runtime's schema has no ${file}.`);
    return JSON.parse(text);
  }
}
