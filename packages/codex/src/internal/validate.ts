import { CodexError, InvalidOptionError } from "../errors/codexError.js";
import { isList, isObject } from "./isObject.js";
import { remedyOfUnknown } from "./optionNames.js";

/** Checks the value of one option; `name` is the option as the caller wrote it. Throws an `InvalidOptionError`. */
export type OptionCheck = (name: string, value: unknown) => void;

/** The options of one method: each name with the check of its value, where the SDK has one. */
export type OptionTable = ReadonlyMap<string, OptionCheck | undefined>;

/** The longest delay that a timer of the host keeps; a longer one fires at once. */
const MAX_DURATION_MS = 2 ** 31 - 1;
/** Longest path of any system (Windows), in UTF-16 units. No name, id or address is longer. */
const MAX_NAME_LENGTH = 32_767;
const LONE_SURROGATE = /\p{Surrogate}/u;
const SHOWN_CHARACTERS = 100;

/**
 * Builds the option table of a method from the names of its options type. The type checker refuses a
 * table that lacks a name or has one too many, so that a regenerated protocol shows up here.
 */
export function optionsOf<Options>(
  table: Readonly<Record<keyof Options, true | OptionCheck>>,
): OptionTable {
  const entries = Object.entries<true | OptionCheck>(table);
  return new Map(entries.map(([name, check]) => [name, check === true ? undefined : check]));
}

/**
 * Checks the options object of a method: an object, with known names only, each with a usable value.
 * `undefined` means that there are no options, or that an option is left out.
 *
 * @throws InvalidOptionError
 */
export function checkOptions(method: string, options: unknown, table: OptionTable): void {
  if (options !== undefined) checkRequiredOptions(method, options, table);
}

/** Checks an options object as `checkOptions` does, where the object itself is required. */
export function checkRequiredOptions(method: string, options: unknown, table: OptionTable): void {
  if (!isObject(options)) throw notOptions(method, describeValue(options));
  const names = readGiven("options", () => Object.keys(options));
  const kind = readGiven("options", () => Object.prototype.toString.call(options).slice(8, -1));
  // A Map or a Date has no members of its own, and would be ignored.
  if (names.length === 0 && kind !== "Object") throw notOptions(method, `a ${kind}`);
  const unknown = names.find((name) => !table.has(name));
  if (unknown !== undefined) throw unknownOption(method, unknown, table);
  for (const [name, check = checkIsData] of table) {
    const value = readGiven(name, () => options[name]);
    if (value === undefined) continue;
    if (!names.includes(name)) throw notOwn(method, name);
    readGiven(name, () => check(name, value));
  }
}

function notOptions(method: string, given: string): InvalidOptionError {
  return new InvalidOptionError("options", `${method} expects an object of options, not ${given}.`);
}

/** Refuses what JSON leaves out without a word, and what cannot be written as JSON. */
function checkIsData(name: string, value: unknown): void {
  checkNameLength(name, value);
  // Read once, with all of its parts: a getter, a proxy or a circular reference would throw later.
  if (typeof value === "object") {
    JSON.stringify(value, (_key, part: unknown) => {
      checkNameLength(name, part);
      return part;
    });
  }
  if (typeof value !== "function" && typeof value !== "symbol" && typeof value !== "bigint") return;
  throw new InvalidOptionError(name, `expected a JSON value, not ${describeValue(value)}.`);
}

/** The options are copied, and a copy has the own and enumerable members only. */
function notOwn(method: string, name: string): InvalidOptionError {
  return new InvalidOptionError(
    name,
    `is not an own, enumerable member of the options of ${method}, and would be left out; pass a plain object.`,
  );
}

/**
 * Reads a part of a value that the caller gave, which may be a getter or a proxy.
 *
 * @throws InvalidOptionError with what that threw as its cause.
 */
export function readGiven<Part>(name: string, read: () => Part): Part {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof CodexError) throw cause;
    const reason =
      cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : describeValue(cause);
    throw new InvalidOptionError(name, `cannot be read (${reason}); pass plain values.`, { cause });
  }
}

function unknownOption(method: string, name: string, table: OptionTable): InvalidOptionError {
  const known = [...table.keys()];
  const remedy = remedyOfUnknown(name, known);
  const hint = remedy === undefined ? "" : ` (${remedy})`;
  return new InvalidOptionError(
    name,
    known.length === 0
      ? `${method} does not take options.`
      : `${method} does not have this option${hint}; the known ones are ${known.join(", ")}.`,
  );
}

/** Checks a duration in milliseconds: a number above 0 that a timer can keep. */
export function checkDuration(name: string, value: unknown): void {
  if (typeof value === "number" && value > 0 && value <= MAX_DURATION_MS) return;
  throw new InvalidOptionError(
    name,
    `expected a number of milliseconds above 0 and up to ${MAX_DURATION_MS}, not ${describeValue(value)}.`,
  );
}

/** Checks a pause in milliseconds: like a duration, but 0 is valid and means no pause. */
export function checkPause(name: string, value: unknown): void {
  if (value !== 0) checkDuration(name, value);
}

/** Checks a number from 0 to 1. */
export function checkFraction(name: string, value: unknown): void {
  if (typeof value === "number" && value >= 0 && value <= 1) return;
  throw new InvalidOptionError(name, `expected a number from 0 to 1, not ${describeValue(value)}.`);
}

/** Checks an `AbortSignal`, by its members: one of another realm (jsdom, a worker) is as good. */
export function checkSignal(name: string, value: unknown): void {
  const { aborted, addEventListener, removeEventListener } = (
    typeof value === "object" && value !== null ? value : {}
  ) as Partial<AbortSignal>;
  const isSignal =
    typeof aborted === "boolean" &&
    typeof addEventListener === "function" &&
    typeof removeEventListener === "function";
  if (isSignal) return;
  throw new InvalidOptionError(
    name,
    `expected an AbortSignal, not ${describeValue(value)}; pass the signal of an AbortController, or AbortSignal.timeout(ms).`,
  );
}

/** Checks that a value is one of a list. */
export function checkOneOf(name: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return;
  throw new InvalidOptionError(
    name,
    `${describeValue(value)} is not supported; use one of: ${allowed.join(", ")}.`,
  );
}

/** Checks that a value is a string without a lone surrogate, which the runtime could not parse. */
export function checkWellFormed(name: string, value: unknown): asserts value is string {
  if (typeof value !== "string") {
    throw new InvalidOptionError(name, `expected a string, not ${describeValue(value)}.`);
  }
  if (LONE_SURROGATE.test(value)) throw loneSurrogate(name);
}

/** The error for text that holds a lone surrogate, at the path `name`. */
export function loneSurrogate(name: string): InvalidOptionError {
  return new InvalidOptionError(
    name,
    "the text has a lone surrogate, which is not well-formed Unicode; cut text at code points, or repair it with toWellFormed().",
  );
}

/** Returns whether a text has a lone surrogate. */
export function hasLoneSurrogate(text: string): boolean {
  return LONE_SURROGATE.test(text);
}

/** Refuses a name, an id, an address or a path of a length that none has, without the text itself. */
export function checkNameLength(name: string, value: unknown): void {
  if (typeof value !== "string" || value.length <= MAX_NAME_LENGTH) return;
  throw new InvalidOptionError(
    name,
    `has ${value.length} characters, more than the ${MAX_NAME_LENGTH} of the longest name or path; was the content passed in place of its name?`,
  );
}

/** Checks a string that must have more than white space, such as an id or a name. */
export function checkText(name: string, value: unknown): asserts value is string {
  checkNameLength(name, value);
  checkWellFormed(name, value);
  if (value.trim() !== "") return;
  throw new InvalidOptionError(
    name,
    "is empty; pass a string with at least one visible character.",
  );
}

/** Checks a path, or another string that a system call takes: not empty, without a NUL character. */
export function checkPath(name: string, value: unknown): asserts value is string {
  checkNameLength(name, value);
  checkWellFormed(name, value);
  if (value === "") throw new InvalidOptionError(name, "is empty; pass a path.");
  if (value.includes("\0")) {
    throw new InvalidOptionError(
      name,
      `${describeValue(value)} has a NUL character, which a path cannot have.`,
    );
  }
}

/** Checks a list of strings without lone surrogates. */
export function checkTexts(name: string, value: unknown): void {
  if (!Array.isArray(value)) {
    throw new InvalidOptionError(name, `expected a list of strings, not ${describeValue(value)}.`);
  }
  value.forEach((text, index) => checkWellFormed(`${name}[${index}]`, text));
}

/** Checks a whole number above 0. */
export function checkCount(name: string, value: unknown): void {
  if (Number.isSafeInteger(value) && Number(value) > 0) return;
  throw new InvalidOptionError(
    name,
    `expected a whole number above 0, not ${describeValue(value)}.`,
  );
}

/** Checks `true` or `false`. */
export function checkBoolean(name: string, value: unknown): void {
  if (typeof value === "boolean") return;
  throw new InvalidOptionError(name, `expected true or false, not ${describeValue(value)}.`);
}

/** Returns whether an option is given: on the wire, `null` and a missing member mean the same. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Checks a function. */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new InvalidOptionError(name, `expected a function, not ${describeValue(value)}.`);
}

/** Checks an object that is not an array. */
export function checkObject(name: string, value: unknown): asserts value is object {
  if (isObject(value)) return;
  throw new InvalidOptionError(name, `expected an object, not ${describeValue(value)}.`);
}

/** Describes a value for an error message: short, on one line, and never throwing. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(
        value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value,
      );
    case "bigint":
      return `${value}n`;
    case "symbol":
    case "number":
    case "boolean":
    case "undefined":
      return String(value);
    default:
      return describeType(value);
  }
}

/** Describes the type of a value without any of its content, which may be a secret. */
export function describeType(value: unknown): string {
  if (value === null) return "null";
  if (isList(value)) return "an array";
  switch (typeof value) {
    case "undefined":
      return "undefined";
    case "object":
      return "an object";
    default:
      return `a ${typeof value}`;
  }
}
