import type { JsonValue } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { isObject } from "../../rpc/message.js";
import type { JsonSchema } from "../output/outputSchema.js";
import {
  type InferOutput,
  isStandardSchema,
  jsonSchemaOf,
  type StandardIssue,
  type StandardSchema,
} from "../output/standardSchema.js";

/** What a tool takes: a JSON Schema of an object, or a schema object of zod, arktype or their like. */
export type ToolInputSchema = JsonSchema | StandardSchema;

/** What `execute` gets: a schema object's output; for a plain JSON Schema what the model wrote. */
export type ToolInput<Schema> = Schema extends StandardSchema
  ? "$schema" extends keyof Schema
    ? JsonValue
    : InferOutput<Schema>
  : JsonValue;

/** What came of the model's arguments. */
export type CheckedInput<Input> =
  | { readonly isValid: true; readonly input: Input }
  | { readonly isValid: false; readonly problems: readonly string[] };

/** A tool's schema made ready: what the model is told, and what checks its arguments. */
export interface PreparedInput<Input> {
  readonly wireSchema: JsonValue;
  check(value: unknown): Promise<CheckedInput<Input>>;
}

const OPTION = "inputSchema";

/**
 * Makes a tool's schema ready. Throws an `InvalidOptionError` for one that describes no object.
 */
export function prepareInput<Schema extends ToolInputSchema>(
  schema: Schema,
): PreparedInput<ToolInput<Schema>>;
// `ToolInput` is worked out for callers alone: within, the schema's own `validate` vouches for its type.
export function prepareInput(schema: ToolInputSchema): PreparedInput<unknown> {
  if (schema === null || (typeof schema !== "object" && typeof schema !== "function")) {
    throw new InvalidOptionError(
      OPTION,
      `expected a JSON Schema or a schema object, not ${JSON.stringify(schema)}.`,
    );
  }
  if (!isStandardSchema(OPTION, schema)) {
    // A JSON Schema is for the model alone: to enforce it would take a dependency.
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
      `describes no object, and a tool's arguments always are one; it must be of the type "object".`,
    );
  }
  // The copy is what goes over the wire, so it is JSON, whatever else the schema carried.
  return JSON.parse(JSON.stringify(schema)) as JsonValue;
}

function describeIssue({ message, path = [] }: StandardIssue): string {
  const steps = path.map((step) => String(typeof step === "object" ? step.key : step));
  return steps.length === 0 ? message : `${steps.join(".")}: ${message}`;
}
