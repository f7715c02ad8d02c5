import { InvalidOptionError } from "../errors/codexError.js";
import { isList } from "./isObject.js";
import { describeValue, readGiven } from "./validate.js";

/** Beyond the depth of any configuration; an object that contains itself never ends. */
const MAX_DEPTH = 64;

/**
 * Checks that JSON expresses a value as it is: other values (a function, NaN, a Date) would reach the
 * runtime as something else, or not at all. A member that is `undefined` is left out.
 *
 * @throws InvalidOptionError that names the path of the value.
 */
export function checkJson(name: string, value: unknown, depth = 0): void {
  if (depth > MAX_DEPTH) {
    throw new InvalidOptionError(
      name.slice(0, 200),
      `is nested more than ${MAX_DEPTH} levels deep, or has a circular reference; flatten it.`,
    );
  }
  if (isList(value)) {
    // Not `forEach`, which leaves the holes of a sparse list out.
    for (const [index, member] of value.entries())
      checkJson(`${name}[${index}]`, member, depth + 1);
  } else if (readGiven(name, () => isPlainObject(value))) {
    for (const [key, member] of readGiven(name, () => Object.entries(Object(value)))) {
      if (member !== undefined) checkJson(`${name}.${key}`, member, depth + 1);
    }
  } else if (!isJsonScalar(value)) {
    const given = Object.prototype.toString.call(value).slice(8, -1);
    const shown =
      typeof value === "object" || typeof value === "function"
        ? `a ${given}`
        : describeValue(value);
    throw new InvalidOptionError(
      name,
      `expected a JSON value (a string, a finite number, true, false, null, a list or a plain object), not ${shown}.`,
    );
  }
}

function isPlainObject(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Object]";
}

function isJsonScalar(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value === "string" || typeof value === "boolean";
}
