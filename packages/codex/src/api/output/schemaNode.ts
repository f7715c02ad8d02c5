/** A JSON Schema that is an object, or a part of one. */
export type SchemaNode = Readonly<Record<string, unknown>>;

export function isSchemaNode(value: unknown): value is SchemaNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that the node has itself: a property may be called `constructor`. */
export function ownMember(node: SchemaNode, key: string): unknown {
  return Object.hasOwn(node, key) ? node[key] : undefined;
}

/** The members of a node that is a map of schemas, such as `properties`. */
export function entriesOf(map: unknown): [string, unknown][] {
  return isSchemaNode(map) ? Object.entries(map) : [];
}

/** The list at a node's member, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The options of a union. */
export function optionsOf(node: SchemaNode): readonly unknown[] {
  return [...listOf(node["anyOf"]), ...listOf(node["oneOf"])];
}

/** What a `$ref` points to: the root, or one of its `$defs`. */
export function resolveRef(ref: unknown, root: SchemaNode): SchemaNode | undefined {
  if (ref === "#") return root;
  const definitions = root["$defs"];
  if (typeof ref !== "string" || !ref.startsWith("#/$defs/") || !isSchemaNode(definitions)) {
    return undefined;
  }
  const name = ref.slice("#/$defs/".length);
  const found = ownMember(definitions, name) ?? ownMember(definitions, unescapePointer(name));
  return isSchemaNode(found) ? found : undefined;
}

function unescapePointer(name: string): string {
  const unescaped = name.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(unescaped);
  } catch {
    return unescaped;
  }
}

/** The shapes that a value may have: references followed, unions opened, a circle left out. */
export function shapesOf(node: unknown, root: SchemaNode): SchemaNode[] {
  const shapes: SchemaNode[] = [];
  const seen = new Set<unknown>();
  const visit = (part: unknown): void => {
    if (!isSchemaNode(part) || seen.has(part)) return;
    seen.add(part);
    const options = optionsOf(part);
    if ("$ref" in part) visit(resolveRef(part["$ref"], root));
    else if (options.length > 0) options.forEach(visit);
    else shapes.push(part);
  };
  visit(node);
  return shapes;
}

/** The names of the JSON types that a shape allows, by its `type` or by the values it lists. */
export function typesOf(shape: SchemaNode): readonly unknown[] {
  if (Array.isArray(shape["type"])) return shape["type"];
  if (shape["type"] !== undefined) return [shape["type"]];
  const values = valuesOf(shape) ?? [];
  return [...new Set(values.map(jsonTypeOf))];
}

/** The values of a shape that lists them, by `const` or `enum`. */
export function valuesOf(shape: SchemaNode): readonly unknown[] | undefined {
  if ("const" in shape) return [shape["const"]];
  return Array.isArray(shape["enum"]) ? shape["enum"] : undefined;
}

/** The JSON type of a value; whole numbers are `number`, too. */
export function jsonTypeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Whether the schema takes `null`. */
export function acceptsNull(node: unknown, root: SchemaNode): boolean {
  return shapesOf(node, root).some(
    (shape) => typesOf(shape).includes("null") && (valuesOf(shape)?.includes(null) ?? true),
  );
}

/** The properties that may be left out, and that say so by `null` in a strict answer. */
export function optionalNames(shape: SchemaNode, root: SchemaNode): ReadonlySet<string> {
  const required = new Set(listOf(shape["required"]));
  const names = entriesOf(shape["properties"])
    .filter(([name, property]) => !required.has(name) && !acceptsNull(property, root))
    .map(([name]) => name);
  return new Set(names);
}
