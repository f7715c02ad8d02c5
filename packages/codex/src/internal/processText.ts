import { InvalidOptionError } from "../errors/codexError.js";
import { isObject } from "./isObject.js";
import { checkWellFormed, describeType, describeValue, readGiven } from "./validate.js";

/** Longest argument or variable of any system (macOS: 1 MiB for all of them together), in UTF-16 units. */
const MAX_PROCESS_TEXT = 1_048_576;

/** Checks a string for a process's arguments or environment, without its value in the message: it may be a secret. */
export function checkProcessText(name: string, value: unknown): asserts value is string {
  if (typeof value !== "string") {
    throw new InvalidOptionError(name, `expected a string, not ${describeType(value)}.`);
  }
  checkWellFormed(name, value);
  if (value.length > MAX_PROCESS_TEXT) {
    throw new InvalidOptionError(
      name,
      `has ${value.length} characters, more than any operating system passes to a process; write the text to a file and name that.`,
    );
  }
  if (value.includes("\0")) {
    throw new InvalidOptionError(
      name,
      "has a NUL character, which no operating system passes to a process; remove it.",
    );
  }
}

/**
 * Checks environment variables by their names, without a value in a message. `undefined` and `null` stand
 * for a variable to be removed, `null` only where `mayBeNull`.
 */
export function checkVariables(name: string, env: unknown, mayBeNull = false): void {
  if (!isObject(env)) {
    throw new InvalidOptionError(name, `expected an object, not ${describeType(env)}.`);
  }
  for (const [variable, value] of readGiven(name, () => Object.entries(env))) {
    if (!isVariableName(variable)) {
      throw new InvalidOptionError(
        name,
        `${describeVariableName(variable)} is not a valid variable name; leave out "=" and NUL characters.`,
      );
    }
    if (value === undefined || (mayBeNull && value === null)) continue;
    checkProcessText(`${name}.${variable}`, value);
  }
}

/** Returns whether a system accepts a text as the name of a variable. */
export function isVariableName(name: unknown): name is string {
  return typeof name === "string" && name !== "" && !/[=\0]/.test(name);
}

/** Describes what was given as the name of a variable, without the value behind a "=". */
export function describeVariableName(name: unknown): string {
  return typeof name === "string"
    ? describeValue(name.replace(/=.+$/su, "=…"))
    : describeType(name);
}
