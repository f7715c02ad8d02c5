import { InvalidOptionError } from "../../errors.js";
import { isObject } from "../../internal/isObject.js";
import { readGiven } from "../../internal/validate.js";

/** One problem that a schema found in a value. */
export interface StandardIssue {
  /** Description of the problem for a person. */
  readonly message: string;
  /** Path to the invalid value: keys, or objects with a key. Left out for the whole value. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Result of a validation: the output value, or the issues. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/**
 * A schema object of a library that validates values (Standard Schema) and describes itself (Standard
 * JSON Schema): zod 4.2 and arktype 2 schemas directly, valibot schemas through `toStandardJsonSchema`.
 * The shape is the one of `@standard-schema/spec` 1.1.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** The interface that every such library has under this name. */
  readonly "~standard": {
    readonly version: 1;
    /** Name of the library. */
    readonly vendor: string;
    /** Only for the type checker. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    /** Checks a value, and returns its output or the issues. */
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly jsonSchema: {
      /** Returns the JSON Schema of the input of `validate`. */
      readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
    };
  };
}

/** Output type of a schema object. */
export type InferOutput<Schema extends StandardSchema> = NonNullable<
  Schema["~standard"]["types"]
>["output"];

/**
 * Distinguishes a schema object from a plain JSON Schema. An object with its own `$schema` is a JSON
 * Schema, even if it refers to the schema object that it was made from, as the result of
 * `z.toJSONSchema` does.
 *
 * @throws InvalidOptionError for a schema object that cannot describe itself as a JSON Schema.
 */
export function isStandardSchema(option: string, schema: object): schema is StandardSchema {
  const hasStandard = () => "~standard" in schema && !Object.hasOwn(schema, "$schema");
  if (!readGiven(option, hasStandard)) return false;
  const standard: unknown = readGiven(option, () => Reflect.get(schema, "~standard"));
  if (!isObject(standard)) throw noJsonSchema(option, "unknown");
  const { vendor, validate, jsonSchema } = standard;
  const converts = isObject(jsonSchema) && typeof jsonSchema["input"] === "function";
  if (typeof validate === "function" && converts) return true;
  throw noJsonSchema(option, typeof vendor === "string" ? vendor : "unknown");
}

/**
 * Returns the JSON Schema of the schema object's input.
 *
 * @throws InvalidOptionError when a part of the schema cannot be expressed in JSON Schema.
 */
export function jsonSchemaOf(option: string, schema: StandardSchema): Record<string, unknown> {
  const { vendor, jsonSchema } = schema["~standard"];
  try {
    return jsonSchema.input({ target: "draft-2020-12" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidOptionError(
      option,
      `${vendor} cannot write this schema as a JSON Schema (${reason}); use types that JSON supports.`,
      { cause: error },
    );
  }
}

const REMEDIES: ReadonlyMap<string, string> = new Map([
  ["valibot", "wrap it: toStandardJsonSchema(schema), from @valibot/to-json-schema"],
  ["zod", "update zod: schemas have one from zod 4.2 on"],
  ["arktype", "update arktype: the types of a current arktype 2 have one"],
]);

function noJsonSchema(option: string, vendor: string): InvalidOptionError {
  const remedy = REMEDIES.get(vendor) ?? "pass the schema's JSON Schema instead";
  return new InvalidOptionError(
    option,
    `this ${vendor} schema cannot be sent, because its ~standard does not have jsonSchema; ${remedy}.`,
  );
}
