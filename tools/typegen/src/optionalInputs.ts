import type { TSPropertySignature, TSType, TSTypeLiteral } from "oxc-parser";

import type { FileTree } from "./fileTree.js";
import { GenerationError } from "./generationError.js";
import type { Edit, TypeFile } from "./parseTypes.js";
import { membersOf, objectsOf, propertiesOf, tagOf } from "./unionTypes.js";

/** The parts of a JSON Schema that this file reads. */
interface ObjectSchema {
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly ObjectSchema[];
  readonly anyOf?: readonly ObjectSchema[];
}

/** The JSON Schema of each type, by the path of its TypeScript file. */
export type SchemaLookup = (file: TypeFile) => ObjectSchema | undefined;

const BUNDLE = "codex_app_server_protocol.schemas.json";

/**
 * Finds the schemas in the bundle that the runtime writes beside the single ones. It keeps the types of
 * `v2` apart, and puts among them those of the root that they use: `byName` has the one that is meant.
 */
export function schemaLookup(
  schemas: FileTree,
  byName: ReadonlyMap<string, TypeFile>,
): SchemaLookup {
  const text = schemas.get(BUNDLE);
  if (text === undefined) {
    throw new GenerationError("UNEXPECTED_SYNTAX", `The runtime wrote no ${BUNDLE}.`);
  }
  // The border to untyped JSON: each member of ObjectSchema is optional, so what is absent reads as undefined.
  const { definitions } = JSON.parse(text) as {
    definitions: Record<string, ObjectSchema> & { v2: Record<string, ObjectSchema> };
  };
  return (file) => {
    const root = definitions[file.name];
    const v2 = byName.get(file.name) === file ? definitions.v2[file.name] : undefined;
    return file.path.startsWith("v2/") ? (v2 ?? root) : (root ?? v2);
  };
}

/** A property that the wire does not require, though its TypeScript does. */
export interface OptionalInput {
  /** For instance `UserInput<text>.text_elements`. */
  readonly name: string;
  readonly edit: Edit;
}

/**
 * The properties of a type that a client writes which TypeScript requires and the JSON Schema does not.
 * The schema is what the runtime reads by; the TypeScript is what it writes by, and there it fills
 * every default in. A few old types have no schema: what may be null there may be absent, as everywhere
 * that the runtime reads an optional value.
 */
export function findOptionalInputs(file: TypeFile, lookup: SchemaLookup): readonly OptionalInput[] {
  const schema = lookup(file);
  return schema === undefined ? findNullable(file) : compare(file.name, file.type, schema);
}

function findNullable(file: TypeFile): readonly OptionalInput[] {
  return objectsOf(file.type).flatMap((object) =>
    [...propertiesOf(object)].flatMap(([key, property]) => {
      const type = property.typeAnnotation?.typeAnnotation;
      const isNullable =
        type !== undefined &&
        membersOf(type, "TSUnionType").some((member) => member.type === "TSNullKeyword");
      return isNullable && !property.optional
        ? [optionalInput(`${file.name}.${key}`, property)]
        : [];
    }),
  );
}

function optionalInput(name: string, { key: { end } }: TSPropertySignature): OptionalInput {
  return { name, edit: { start: end, end, text: "?" } };
}

function compare(name: string, type: TSType, schema: ObjectSchema): readonly OptionalInput[] {
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives === undefined) {
    return objectsOf(type).flatMap((object) => compareObject(name, object, schema));
  }
  return objectsOf(type).flatMap((object) => {
    const variant = alternatives.find((each) => describes(each, object));
    const tag = tagOf(object)?.value;
    return variant === undefined
      ? []
      : compareObject(tag === undefined ? name : `${name}<${tag}>`, object, variant);
  });
}

/** Returns whether a schema is that of the variant: it has the same tag, or the same only property. */
function describes(schema: ObjectSchema, object: TSTypeLiteral): boolean {
  const tag = tagOf(object);
  if (tag !== null) return schema.properties?.[tag.key]?.enum?.includes(tag.value) ?? false;
  const keys = [...propertiesOf(object).keys()];
  return keys.length === 1 && schema.properties?.[keys[0] ?? ""] !== undefined;
}

function compareObject(
  name: string,
  object: TSTypeLiteral,
  schema: ObjectSchema,
): readonly OptionalInput[] {
  const found: OptionalInput[] = [];
  for (const [key, property] of propertiesOf(object)) {
    const propertySchema = schema.properties?.[key];
    if (propertySchema === undefined) continue;
    const path = `${name}.${key}`;
    if (!property.optional && !(schema.required?.includes(key) ?? false)) {
      found.push(optionalInput(path, property));
    }
    const inner = property.typeAnnotation?.typeAnnotation;
    if (inner !== undefined && membersOf(inner, "TSUnionType").some(isObject)) {
      found.push(...compare(path, inner, propertySchema));
    }
  }
  return found;
}

function isObject(type: TSType): boolean {
  return type.type === "TSTypeLiteral";
}
