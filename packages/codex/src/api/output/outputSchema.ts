import type { JsonValue } from "@openai/codex-types";

import { InvalidOptionError, type OutputIssue, OutputValidationError } from "../../errors.js";
import type { CompletedTurn, TurnResult } from "../../errors/turnResult.js";
import { isObject } from "../../internal/isObject.js";
import { describeValue } from "../../internal/validate.js";
import { toJsonValue } from "./jsonCopy.js";
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

/** A JSON Schema of an object, sent to the model service without changes: it must be strict already. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * Form of the final answer of a turn. With a schema object of zod, arktype, valibot (through
 * `toStandardJsonSchema`) or a similar library, `result.output` is parsed, validated and typed. With a
 * plain JSON Schema it is parsed, and typed as `unknown`.
 *
 * The JSON Schema of a schema object's input is converted to strict form and sent. The model answers an
 * optional property with `null`, which is removed before the schema validates the answer.
 */
export type OutputSchema = JsonSchema | StandardSchema;

/** Type of `result.output` for a schema: `unknown` for a plain JSON Schema, `undefined` without a schema. */
export type OutputOf<Schema> = Schema extends undefined
  ? undefined
  : Schema extends StandardSchema
    ? "$schema" extends keyof Schema
      ? unknown
      : InferOutput<Schema>
    : unknown;

/** A prepared output schema: the wire form, and the step from a turn's result to the typed result. */
export interface PreparedOutput<Output> {
  readonly wireSchema: JsonValue | undefined;
  /**
   * Adds `output` to the result of a completed turn. The result of any other turn is returned as it is.
   *
   * @throws OutputValidationError when the final response is missing, not JSON, or does not fit.
   */
  complete(result: TurnResult): Promise<TurnResult<Output>>;
}

const OPTION = "outputSchema";

/**
 * Prepares an output schema, before anything is sent.
 *
 * @throws InvalidOptionError when the schema cannot be sent: it is not an object, cannot be written as
 * a JSON Schema, or has a part without a strict form.
 */
export function prepareOutput<Schema extends OutputSchema | undefined>(
  schema: Schema | undefined,
): PreparedOutput<OutputOf<Schema>>;
// Callers see `OutputOf`; the implementation relies on the schema's own `validate` for the type.
export function prepareOutput(schema: OutputSchema | undefined): PreparedOutput<unknown> {
  if (schema === undefined) return { wireSchema: undefined, complete: async (result) => result };
  checkIsSchema(schema);
  if (!isStandardSchema(OPTION, schema)) {
    return {
      wireSchema: toJsonValue(OPTION, schema),
      complete: (result) => completeWith(result, async (answer) => ({ value: answer })),
    };
  }
  const jsonSchema = jsonSchemaOf(OPTION, schema);
  return {
    wireSchema: toJsonValue(OPTION, toStrictSchema(OPTION, jsonSchema)),
    complete: (result) =>
      completeWith(result, (answer, completed) => validate(schema, jsonSchema, answer, completed)),
  };
}

/** Callers without a compiler may pass any value. A schema of arktype is a function. */
function checkIsSchema(schema: unknown): void {
  if (isObject(schema) || (typeof schema === "function" && "~standard" in schema)) return;
  throw new InvalidOptionError(
    OPTION,
    `expected a JSON Schema or a schema object, not ${describeValue(schema)}.`,
  );
}

async function completeWith(
  result: TurnResult,
  check: (answer: unknown, completed: CompletedTurn) => Promise<StandardResult<unknown>>,
): Promise<TurnResult<unknown>> {
  if (result.status !== "completed") return result;
  if (result.finalResponse === null) {
    throw new OutputValidationError(result, [
      { message: "the turn ended without a final message", path: [] },
    ]);
  }
  const checked = await check(parseJson(result.finalResponse, result), result);
  if (checked.issues === undefined) return { ...result, output: checked.value };
  throw new OutputValidationError(result, checked.issues.map(toOutputIssue));
}

function parseJson(text: string, result: CompletedTurn): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OutputValidationError(result, [{ message: `not JSON: ${reason}`, path: [] }], {
      cause,
    });
  }
}

async function validate(
  schema: StandardSchema,
  jsonSchema: SchemaNode,
  value: unknown,
  result: CompletedTurn,
): Promise<StandardResult<unknown>> {
  try {
    return await schema["~standard"].validate(withoutOptionalNulls(value, jsonSchema));
  } catch (cause) {
    // When a transform throws, the error still carries the result of the turn.
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
