/** Returns whether `value` is an object with members (not an array), so that each may be read as `unknown`. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
