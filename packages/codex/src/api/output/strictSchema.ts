import { InvalidOptionError } from "../../errors.js";
import { isObject } from "../../internal/isObject.js";
import { describeValue } from "../../internal/validate.js";
import { hintsOf, isConstraint, sendableConstraints } from "./schemaConstraints.js";
import {
  entriesOf,
  jsonTypeOf,
  optionalNames,
  optionsOf,
  resolveRef,
  type SchemaNode,
  typesOf,
  valuesOf,
} from "./schemaNode.js";

/**
 * Converts a JSON Schema (2020-12) to the strict form that the model service requires: every object
 * closed, every property required, optional properties nullable. Constraints that the strict form does
 * not support, such as `minLength`, are added to the `description`; the schema itself checks them
 * afterwards.
 *
 * @throws InvalidOptionError for a part without a strict form, with the path to that part.
 */
export function toStrictSchema(option: string, schema: SchemaNode): SchemaNode {
  const root = followRoot(schema);
  const strict = new StrictSchema(option, { ...root, $defs: schema["$defs"] });
  return strict.convertRoot();
}

/** Follows a root that is only a reference, as for recursive types: the service requires an object. */
function followRoot(schema: SchemaNode): SchemaNode {
  const seen = new Set<SchemaNode>();
  let root = schema;
  while ("$ref" in root && !seen.has(root)) {
    seen.add(root);
    root = resolveRef(root["$ref"], schema) ?? {};
  }
  return root;
}

const REMEDIES = {
  record: "use an array of objects with a key and a value",
  tuple: "use an object with a property for each position",
  intersection: "make it one object",
  condition: "check it in a refinement of the schema",
  unknown: "give it a type",
  reference: "define it in the $defs of the root",
} as const;

type Kind = keyof typeof REMEDIES;

/** Keywords that change the shape of a value, and that a strict schema must not have. */
const REFUSED: readonly (readonly [keyword: string, kind: Kind])[] = [
  ["patternProperties", "record"],
  ["propertyNames", "record"],
  ["prefixItems", "tuple"],
  ["additionalItems", "tuple"],
  ["not", "condition"],
  ["if", "condition"],
  ["then", "condition"],
  ["else", "condition"],
  ["dependentRequired", "condition"],
  ["dependentSchemas", "condition"],
  ["contains", "condition"],
  ["unevaluatedProperties", "condition"],
  ["unevaluatedItems", "condition"],
  ["$dynamicRef", "condition"],
];

class StrictSchema {
  readonly #option: string;
  readonly #root: SchemaNode;

  constructor(option: string, root: SchemaNode) {
    this.#option = option;
    this.#root = root;
  }

  convertRoot(): SchemaNode {
    const root = this.#root;
    if (typesOf(root).length !== 1 || typesOf(root)[0] !== "object" || optionsOf(root).length > 0) {
      throw new InvalidOptionError(
        this.#option,
        "the root of the schema must be an object; wrap the schema in an object with one property.",
      );
    }
    const definitions = entriesOf(root["$defs"]).map(
      ([name, node]) => [name, this.#convert(node, `$defs.${name}`)] as const,
    );
    const converted = this.#convert(root, "");
    return definitions.length === 0
      ? converted
      : { ...converted, $defs: Object.fromEntries(definitions) };
  }

  #convert(node: unknown, path: string): SchemaNode {
    if (node === false)
      throw this.#refusal(path, "a schema that no value fits (false)", "condition");
    if (!isObject(node)) throw this.#refusal(path, "a value of any type", "unknown");
    this.#refuseKeywords(node, path);
    if ("$ref" in node || optionsOf(node).length > 0) return this.#convertUnion(node, path);
    return this.#convertShape(node, path);
  }

  #refuseKeywords(node: SchemaNode, path: string): void {
    for (const [keyword, kind] of REFUSED) {
      if (keyword in node) throw this.#refusal(path, `a ${kind} (${keyword})`, kind);
    }
    const { allOf, additionalProperties = false } = node;
    if (additionalProperties !== false) {
      throw this.#refusal(path, "a record (additionalProperties)", "record");
    }
    // Libraries write several checks of one string as an `allOf` that has only constraints.
    const parts = Array.isArray(allOf) ? allOf : [];
    if (!parts.every((part) => isObject(part) && Object.keys(part).every(isConstraint))) {
      throw this.#refusal(path, "an intersection (allOf)", "intersection");
    }
  }

  /** Converts references and unions. Neither may have constraints beside it, so those become hints. */
  #convertUnion(node: SchemaNode, path: string): SchemaNode {
    const options = optionsOf(node);
    const isMixed = ["properties", "items", "enum", "const"].some((keyword) => keyword in node);
    if (isMixed || ("$ref" in node && options.length > 0) || ("anyOf" in node && "oneOf" in node)) {
      throw this.#refusal(path, "an intersection", "intersection");
    }
    const notes = notesOf(node, hintsOf(node, "all"));
    if (!("$ref" in node)) {
      const anyOf = options.map((part, index) =>
        this.#convert(part, `${path} (option ${index + 1})`),
      );
      return { anyOf, ...notes };
    }
    if (resolveRef(node["$ref"], this.#root) === undefined) {
      throw this.#refusal(path, `a reference to ${describeValue(node["$ref"])}`, "reference");
    }
    const reference = { $ref: node["$ref"] };
    return Object.keys(notes).length === 0 ? reference : { anyOf: [reference], ...notes };
  }

  #convertShape(node: SchemaNode, path: string): SchemaNode {
    const types = typesOf(node);
    if (types.length === 0) throw this.#refusal(path, "a value of any type", "unknown");
    const values = valuesOf(node);
    if (values?.some((value) => ["object", "array"].includes(jsonTypeOf(value))) === true) {
      throw this.#refusal(path, "a constant that is an object or an array", "unknown");
    }
    return {
      type: types.length === 1 ? types[0] : types,
      ...notesOf(node, hintsOf(node, "unsendable")),
      ...("const" in node ? { const: node["const"] } : {}),
      ...("enum" in node ? { enum: node["enum"] } : {}),
      ...sendableConstraints(node),
      ...(types.includes("array") ? this.#itemsOf(node, path) : {}),
      ...(types.includes("object") ? this.#membersOf(node, path) : {}),
    };
  }

  #itemsOf({ items }: SchemaNode, path: string): SchemaNode {
    if (Array.isArray(items)) throw this.#refusal(path, "a tuple (items)", "tuple");
    return { items: this.#convert(items, `${path}[]`) };
  }

  #membersOf(node: SchemaNode, path: string): SchemaNode {
    if (!isObject(node["properties"])) {
      throw this.#refusal(path, "an object of any properties", "unknown");
    }
    const optional = optionalNames(node, this.#root);
    const properties = entriesOf(node["properties"]).map(([name, property]) => {
      const converted = this.#convert(property, path === "" ? name : `${path}.${name}`);
      return [name, optional.has(name) ? nullable(converted) : converted] as const;
    });
    return {
      properties: Object.fromEntries(properties),
      required: properties.map(([name]) => name),
      additionalProperties: false,
    };
  }

  #refusal(path: string, what: string, kind: Kind): InvalidOptionError {
    return new InvalidOptionError(
      this.#option,
      `${path === "" ? "the root" : path} is ${what}, which strict structured output cannot express; ${REMEDIES[kind]}.`,
    );
  }
}

function nullable(node: SchemaNode): SchemaNode {
  const { anyOf, ...rest } = node;
  if (!Array.isArray(anyOf)) return { anyOf: [node, { type: "null" }] };
  return { anyOf: [...anyOf, { type: "null" }], ...rest };
}

function notesOf(node: SchemaNode, hints: readonly string[]): SchemaNode {
  const { title, description } = node;
  const texts = [
    ...(typeof description === "string" ? [description] : []),
    ...(hints.length > 0 ? [`(${hints.join(", ")})`] : []),
  ];
  return {
    ...(typeof title === "string" ? { title } : {}),
    ...(texts.length > 0 ? { description: texts.join(" ") } : {}),
  };
}
