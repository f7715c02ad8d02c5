import { isObject } from "../../internal/isObject.js";
import { listOf, type SchemaNode } from "./schemaNode.js";

/** Constraints that the model service accepts in a strict schema. */
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

/** Constraints that the model service refuses. */
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

/** Returns whether a keyword only narrows the range of a value, and does not change its shape. */
export function isConstraint(keyword: string): boolean {
  return CONSTRAINTS.includes(keyword);
}

/** Returns the constraints of a shape that can be sent. */
export function sendableConstraints(shape: SchemaNode): SchemaNode {
  return Object.fromEntries(
    Object.entries(shape).filter(([keyword, value]) => isSendable(keyword, value)),
  );
}

/** Returns the other constraints, including those in `allOf`, as text for the model: `minLength: 3`. */
export function hintsOf(node: SchemaNode, which: "unsendable" | "all"): string[] {
  const own = Object.entries(node).filter(
    ([keyword, value]) => which === "all" || !isSendable(keyword, value),
  );
  const added = listOf(node["allOf"])
    .filter(isObject)
    .flatMap(Object.entries<unknown>);
  return [...own, ...added]
    .filter(([keyword]) => isConstraint(keyword))
    .map(([keyword, value]) => `${keyword}: ${JSON.stringify(value)}`);
}

function isSendable(keyword: string, value: unknown): boolean {
  if (keyword === "format") return FORMATS.has(value);
  // The regular expressions of the service do not support look-around.
  if (keyword === "pattern") return typeof value === "string" && !/\(\?<?[=!]/.test(value);
  return SENDABLE.some((sendable) => sendable === keyword);
}
