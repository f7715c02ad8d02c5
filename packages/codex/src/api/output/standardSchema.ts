import { InvalidOptionError } from "../../errors.js";

/** A problem that a schema found in a value. */
export interface StandardIssue {
  /** What is wrong, for a person. */
  readonly message: string;
  /** The way to the value at fault: keys, or objects that hold one. Left out for the whole value. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema says of a value: the value it became, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/**
 * A schema of any library that can both check a value (Standard Schema) and describe itself (Standard
 * JSON Schema): zod 4 and arktype 2 schemas as they are, valibot's through `toStandardJsonSchema`. The
 * shape is the one of `@standard-schema/spec` 1.1.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** What every library of that kind offers under this one name. */
  readonly "~standard": {
    readonly version: 1;
    /** The library that the schema was made with. */
    readonly vendor: string;
    /** For the type checker alone. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly jsonSchema: {
      /** The JSON Schema of what `validate` takes. */
      readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
    };
  };
}

/** What a schema makes of a value that fits. */
export type InferOutput<Schema extends StandardSchema> = NonNullable<
  Schema["~standard"]["types"]
>["output"];

/**
 * Tells a schema object from a plain JSON Schema. What has a `$schema` of its own is a JSON Schema,
 * even if it also names the schema that it was made of, as those of `z.toJSONSchema` do.
 *
 * @throws InvalidOptionError for a schema object that has no JSON Schema.
 */
export function isStandardSchema(option: string, schema: object): schema is StandardSchema {
  if (!("~standard" in schema) || Object.hasOwn(schema, "$schema")) return false;
  const standard: unknown = schema["~standard"];
  if (!isObject(standard)) throw noJsonSchema(option, "unknown");
  const { vendor, validate, jsonSchema } = standard;
  const converts = isObject(jsonSchema) && typeof jsonSchema["input"] === "function";
  if (typeof validate === "function" && converts) return true;
  throw noJsonSchema(option, typeof vendor === "string" ? vendor : "unknown");
}

/**
 * The JSON Schema of what the schema takes.
 *
 * @throws InvalidOptionError when the schema holds something that JSON Schema has no word for.
 */
export function jsonSchemaOf(option: string, schema: StandardSchema): Record<string, unknown> {
  const { vendor, jsonSchema } = schema["~standard"];
  try {
    return jsonSchema.input({ target: "draft-2020-12" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidOptionError(
      option,
      `${vendor} cannot write this schema as a JSON Schema (${reason}); use types that JSON has.`,
      { cause: error },
    );
  }
}

const MENDS: ReadonlyMap<string, string> = new Map([
  ["valibot", "wrap it: toStandardJsonSchema(schema), from @valibot/to-json-schema"],
  ["zod", "update zod: the schemas of a current zod 4 have one"],
  ["arktype", "update arktype: the types of a current arktype 2 have one"],
]);

function noJsonSchema(option: string, vendor: string): InvalidOptionError {
  const mend = MENDS.get(vendor) ?? "pass the schema's JSON Schema instead";
  return new InvalidOptionError(
    option,
    `this ${vendor} schema cannot be sent, because its ~standard has no jsonSchema; ${mend}.`,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
