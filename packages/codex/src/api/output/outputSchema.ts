import type { JsonValue } from "@openai/codex-types";

import { InvalidOptionError, type OutputIssue, OutputValidationError } from "../../errors.js";
import type { TurnResult } from "../turns/turnResult.js";
import { withoutOptionalNulls } from "./optionalNulls.js";
import type { SchemaNode } from "./schemaNode.js";
import {
  type InferOutput,
  isStandardSchema,
  jsonSchemaOf,
  type StandardIssue,
  type StandardResult,
  type StandardSchema,
} from "./standardSchema.js";
import { toStrictSchema } from "./strictSchema.js";

/** A JSON Schema of an object, sent to the model service untouched: it must be strict already. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * The form of a final answer: a plain JSON Schema, after which `result.output` is `undefined` and the
 * text is yours to parse; or a schema object of zod, arktype, valibot (in `toStandardJsonSchema`) or
 * any library of that kind, after which `result.output` is the parsed, checked and typed answer.
 *
 * Of a schema object goes over the wire what it takes as its input, made strict. A property that it
 * lets be left out comes as `null` from the model and is taken out before the schema sees it.
 */
export type OutputSchema = JsonSchema | StandardSchema;

/** What `result.output` is for a schema: parsed and typed, or `undefined` for a plain JSON Schema. */
export type OutputOf<Schema> = Schema extends StandardSchema
  ? "$schema" extends keyof Schema
    ? undefined
    : InferOutput<Schema>
  : undefined;

/** A schema made ready: what goes over the wire, and what makes a turn's result the typed one. */
export interface PreparedOutput<Output> {
  readonly wireSchema: JsonValue | undefined;
  /**
   * An interrupted turn counts as any other: its result is given back with an output that fits, or not
   * at all, so that the output's type holds.
   *
   * @throws OutputValidationError when the final response is missing, no JSON, or does not fit.
   */
  complete(result: TurnResult): Promise<TurnResult<Output>>;
}

const OPTION = "outputSchema";

/**
 * Makes an output schema ready, before anything is sent.
 *
 * @throws InvalidOptionError when it cannot be sent: no object, no JSON Schema, or a shape that has no
 * strict form.
 */
export function prepareOutput<Schema extends OutputSchema | undefined>(
  schema: Schema | undefined,
): PreparedOutput<OutputOf<Schema>>;
// `OutputOf` is worked out for callers alone: within, the schema's own `validate` vouches for its type.
export function prepareOutput(schema: OutputSchema | undefined): PreparedOutput<unknown> {
  if (schema === undefined) return { wireSchema: undefined, complete: async (result) => result };
  checkIsObject(schema);
  if (!isStandardSchema(OPTION, schema)) {
    return { wireSchema: toWire(schema), complete: async (result) => result };
  }
  const jsonSchema = jsonSchemaOf(OPTION, schema);
  return {
    wireSchema: toWire(toStrictSchema(OPTION, jsonSchema)),
    complete: async (result) => ({ ...result, output: await parse(schema, jsonSchema, result) }),
  };
}

/** JavaScript users have no compiler. An arktype schema is a function. */
function checkIsObject(schema: unknown): void {
  const isObject = typeof schema === "object" && schema !== null && !Array.isArray(schema);
  if (isObject || typeof schema === "function") return;
  throw new InvalidOptionError(
    OPTION,
    `expected a JSON Schema or a schema object, not ${JSON.stringify(schema)}.`,
  );
}

/** A JSON Schema is made of JSON by its definition, and is only ever written out as such. */
function toWire(schema: SchemaNode): JsonValue {
  return schema as { [keyword: string]: JsonValue };
}

async function parse(schema: StandardSchema, jsonSchema: SchemaNode, result: TurnResult) {
  const text = result.finalResponse;
  if (text === null) {
    const ending = result.status === "interrupted" ? "was interrupted" : "ended";
    throw new OutputValidationError(result, [
      { message: `the turn ${ending} without a final message`, path: [] },
    ]);
  }
  const value = parseJson(text, result);
  const validated = await validate(schema, jsonSchema, value, result);
  if (validated.issues === undefined) return validated.value;
  throw new OutputValidationError(result, validated.issues.map(toOutputIssue));
}

function parseJson(text: string, result: TurnResult): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OutputValidationError(result, [{ message: `no JSON: ${reason}`, path: [] }], {
      cause,
    });
  }
}

async function validate(
  schema: StandardSchema,
  jsonSchema: SchemaNode,
  value: unknown,
  result: TurnResult,
): Promise<StandardResult<unknown>> {
  try {
    return await schema["~standard"].validate(withoutOptionalNulls(value, jsonSchema));
  } catch (cause) {
    // A transform that throws must not cost the caller what the turn brought.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OutputValidationError(
      result,
      [{ message: `the schema threw: ${reason}`, path: [] }],
      {
        cause,
      },
    );
  }
}

function toOutputIssue({ message, path = [] }: StandardIssue): OutputIssue {
  return { message, path: path.map((step) => (typeof step === "object" ? step.key : step)) };
}
