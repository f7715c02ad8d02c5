import { isSchemaNode, listOf, type SchemaNode } from "./schemaNode.js";

/** The constraints that the model service takes in a strict schema. */
const SENDABLE = [
  "pattern",
  "format",
  "multipleOf",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "minItems",
  "maxItems",
] as const;

/** Those that it refuses. */
const UNSENDABLE = [
  "minLength",
  "maxLength",
  "uniqueItems",
  "minProperties",
  "maxProperties",
] as const;

const FORMATS: ReadonlySet<unknown> = new Set([
  "date-time",
  "time",
  "date",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uuid",
]);

const CONSTRAINTS: readonly string[] = [...SENDABLE, ...UNSENDABLE];

/** Whether a keyword only narrows a value's range, and gives it no shape. */
export function isConstraint(keyword: string): boolean {
  return CONSTRAINTS.includes(keyword);
}

/** The constraints of a shape that can be sent along. */
export function sendableConstraints(shape: SchemaNode): SchemaNode {
  return Object.fromEntries(
    Object.entries(shape).filter(([keyword, value]) => isSendable(keyword, value)),
  );
}

/** The other constraints, those of its `allOf` among them, as words for the model: `minLength: 3`. */
export function hintsOf(node: SchemaNode, which: "unsendable" | "all"): string[] {
  const own = Object.entries(node).filter(
    ([keyword, value]) => which === "all" || !isSendable(keyword, value),
  );
  const added = listOf(node["allOf"])
    .filter(isSchemaNode)
    .flatMap(Object.entries<unknown>);
  return [...own, ...added]
    .filter(([keyword]) => isConstraint(keyword))
    .map(([keyword, value]) => `${keyword}: ${JSON.stringify(value)}`);
}

function isSendable(keyword: string, value: unknown): boolean {
  if (keyword === "format") return FORMATS.has(value);
  // The service's regular expressions know no look-around.
  if (keyword === "pattern") return typeof value === "string" && !/\(\?<?[=!]/.test(value);
  return SENDABLE.some((sendable) => sendable === keyword);
}
