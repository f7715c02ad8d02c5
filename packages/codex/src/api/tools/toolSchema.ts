import type { JsonValue } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { isObject } from "../../internal/isObject.js";
import { describeValue } from "../../internal/validate.js";
import { toJsonValue } from "../output/jsonCopy.js";
import type { JsonSchema } from "../output/outputSchema.js";
import {
  type InferOutput,
  isStandardSchema,
  jsonSchemaOf,
  type StandardIssue,
  type StandardSchema,
} from "../output/standardSchema.js";

/** Schema of a tool's input: a JSON Schema of an object, or a schema object of zod, arktype, valibot or a similar library. */
export type ToolInputSchema = JsonSchema | StandardSchema;

/** Input that `execute` receives: the output of a schema object; with a plain JSON Schema the model's arguments as they are. */
export type ToolInput<Schema> = Schema extends StandardSchema
  ? "$schema" extends keyof Schema
    ? JsonValue
    : InferOutput<Schema>
  : JsonValue;

/** Result of the check of the model's arguments. */
export type CheckedInput<Input> =
  | { readonly isValid: true; readonly input: Input }
  | { readonly isValid: false; readonly problems: readonly string[] };

/** A prepared input schema: the JSON Schema for the model, and the check of its arguments. */
export interface PreparedInput<Input> {
  readonly wireSchema: JsonValue;
  check(value: unknown): Promise<CheckedInput<Input>>;
}

const OPTION = "inputSchema";

/**
 * Prepares a tool's input schema.
 *
 * @throws InvalidOptionError for a value that is not a schema, or does not describe an object.
 */
export function prepareInput<Schema extends ToolInputSchema>(
  schema: Schema,
): PreparedInput<ToolInput<Schema>>;
// Callers see `ToolInput`; the implementation relies on the schema's own `validate` for the type.
export function prepareInput(schema: ToolInputSchema): PreparedInput<unknown> {
  if (schema === null || (typeof schema !== "object" && typeof schema !== "function")) {
    throw new InvalidOptionError(
      OPTION,
      `expected a JSON Schema or a schema object, not ${describeValue(schema)}.`,
    );
  }
  if (!isStandardSchema(OPTION, schema)) {
    // A JSON Schema is only sent to the model: enforcing it would need a dependency.
    const check = async (input: unknown) => ({ isValid: true, input }) as const;
    return { wireSchema: toWire(schema), check };
  }
  const wireSchema = toWire(jsonSchemaOf(OPTION, schema));
  return {
    wireSchema,
    check: async (value) => {
      const result = await schema["~standard"].validate(value);
      if (result.issues === undefined) return { isValid: true, input: result.value };
      return { isValid: false, problems: result.issues.map(describeIssue) };
    },
  };
}

function toWire(schema: object): JsonValue {
  if (!isObject(schema) || schema["type"] !== "object") {
    throw new InvalidOptionError(
      OPTION,
      `does not describe an object, and the arguments of a tool are always one; use a schema with the type "object".`,
    );
  }
  return toJsonValue(OPTION, schema);
}

function describeIssue({ message, path = [] }: StandardIssue): string {
  const steps = path.map((step) => String(typeof step === "object" ? step.key : step));
  return steps.length === 0 ? message : `${steps.join(".")}: ${message}`;
}
