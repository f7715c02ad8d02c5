import type { JsonValue } from "@openai/codex-types";

import type { TurnResult } from "./turnResult.js";

/** A JSON Schema of an object, sent to the model service untouched. */
export interface JsonSchema {
  readonly [keyword: string]: JsonValue | undefined;
}

/** The form of a final answer. */
export type OutputSchema = JsonSchema;

/** What `result.output` is for a schema: parsed and typed, or `undefined` for a plain JSON Schema. */
export type OutputOf<Schema> = Schema extends JsonSchema ? undefined : undefined;

/** A schema made ready: what goes over the wire, and what makes a turn's result the typed one. */
export interface PreparedOutput<Output> {
  readonly wireSchema: JsonValue | undefined;
  complete(result: TurnResult): Promise<TurnResult<Output>>;
}

/** Makes an output schema ready, before anything is sent. */
export function prepareOutput<Schema extends OutputSchema | undefined>(
  schema: Schema | undefined,
): PreparedOutput<OutputOf<Schema>> {
  return { wireSchema: schema as JsonValue | undefined, complete: async (result) => result };
}
