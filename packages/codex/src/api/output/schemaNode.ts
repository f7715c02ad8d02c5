import { isObject } from "../../internal/isObject.js";

/** A JSON Schema that is an object, or a part of one. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** Returns an own member of the node: a property may have the name `constructor`. */
export function ownMember(node: SchemaNode, key: string): unknown {
  return Object.hasOwn(node, key) ? node[key] : undefined;
}

/** Returns the members of a node that is a map of schemas, such as `properties`. */
export function entriesOf(map: unknown): [string, unknown][] {
  return isObject(map) ? Object.entries(map) : [];
}

/** Returns the value if it is an array, otherwise an empty array. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns the options of a union. */
export function optionsOf(node: SchemaNode): readonly unknown[] {
  return [...listOf(node["anyOf"]), ...listOf(node["oneOf"])];
}

/** Returns the target of a `$ref`: the root, or one of its `$defs`. */
export function resolveRef(ref: unknown, root: SchemaNode): SchemaNode | undefined {
  if (ref === "#") return root;
  const definitions = root["$defs"];
  if (typeof ref !== "string" || !ref.startsWith("#/$defs/") || !isObject(definitions)) {
    return undefined;
  }
  const name = ref.slice("#/$defs/".length);
  const found = ownMember(definitions, name) ?? ownMember(definitions, unescapePointer(name));
  return isObject(found) ? found : undefined;
}

function unescapePointer(name: string): string {
  const unescaped = name.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(unescaped);
  } catch {
    return unescaped;
  }
}

/** Returns the shapes that a value may have: references followed, unions expanded, circular references left out. */
export function shapesOf(node: unknown, root: SchemaNode): SchemaNode[] {
  const shapes: SchemaNode[] = [];
  const seen = new Set<unknown>();
  const visit = (part: unknown): void => {
    if (!isObject(part) || seen.has(part)) return;
    seen.add(part);
    const options = optionsOf(part);
    if ("$ref" in part) visit(resolveRef(part["$ref"], root));
    else if (options.length > 0) options.forEach(visit);
    else shapes.push(part);
  };
  visit(node);
  return shapes;
}

/** Returns the names of the JSON types that a shape allows, by its `type` or by the values that it lists. */
export function typesOf(shape: SchemaNode): readonly unknown[] {
  if (Array.isArray(shape["type"])) return shape["type"];
  if (shape["type"] !== undefined) return [shape["type"]];
  const values = valuesOf(shape) ?? [];
  return [...new Set(values.map(jsonTypeOf))];
}

/** Returns the values of a shape that lists them, by `const` or `enum`. */
export function valuesOf(shape: SchemaNode): readonly unknown[] | undefined {
  if ("const" in shape) return [shape["const"]];
  return Array.isArray(shape["enum"]) ? shape["enum"] : undefined;
}

/** Returns the JSON type of a value. Whole numbers are `number`. */
export function jsonTypeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Returns whether the schema accepts `null`. */
export function acceptsNull(node: unknown, root: SchemaNode): boolean {
  return shapesOf(node, root).some(
    (shape) => typesOf(shape).includes("null") && (valuesOf(shape)?.includes(null) ?? true),
  );
}

/** Returns the properties that may be left out, and that are `null` in a strict answer instead. */
export function optionalNames(shape: SchemaNode, root: SchemaNode): ReadonlySet<string> {
  const required = new Set(listOf(shape["required"]));
  const names = entriesOf(shape["properties"])
    .filter(([name, property]) => !required.has(name) && !acceptsNull(property, root))
    .map(([name]) => name);
  return new Set(names);
}
