import { InvalidOptionError } from "../errors/codexError.js";
import { checkWellFormed, describeType } from "./validate.js";

/** A value that TOML can express. A member that is `undefined` is left out. */
export type TomlValue = string | number | boolean | readonly TomlValue[] | TomlTable;

/** A TOML table as a plain object. */
export interface TomlTable {
  readonly [key: string]: TomlValue | undefined;
}

/** Beyond the depth of any configuration; an object that contains itself never ends. */
const MAX_DEPTH = 64;
const BARE_KEY = /^[A-Za-z0-9_-]+$/;

/** Returns whether a key can be written without quotes. */
export function isBareKey(key: string): boolean {
  return BARE_KEY.test(key);
}

/** Returns whether a value is a table: an object that is not an array and not of a class of the host such as `Date`. */
export function isTomlTable(value: unknown): value is TomlTable {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/**
 * Writes a table as a TOML document, with a header for each inner table.
 *
 * @throws InvalidOptionError for a value that TOML cannot express, with its path below `name`.
 */
export function toTomlDocument(name: string, table: TomlTable): string {
  return `${documentLines(name, table, []).join("\n")}\n`;
}

/**
 * Writes a value on one line.
 *
 * @throws InvalidOptionError for a value that TOML cannot express, with its path below `name`.
 */
export function toTomlValue(name: string, value: unknown, depth = 0): string {
  if (typeof value === "string") return stringText(name, value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return numberText(value);
  const isList = Array.isArray(value);
  if (!isList && !isTomlTable(value)) throw notExpressible(name, value);
  checkDepth(name, depth);
  if (isList) {
    // Not `map`, which leaves the holes of a sparse list out.
    const members = Array.from(value, (member: unknown, index) =>
      toTomlValue(`${name}[${index}]`, member, depth + 1),
    );
    return `[${members.join(", ")}]`;
  }
  const members = membersOf(value).map(([key, member]) => {
    const path = `${name}.${key}`;
    return `${toTomlKey(path, key)} = ${toTomlValue(path, member, depth + 1)}`;
  });
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** Writes a key, with quotes where it needs them; `name` is its path in errors. */
export function toTomlKey(name: string, key: string): string {
  return isBareKey(key) ? key : stringText(name, key);
}

function documentLines(name: string, table: TomlTable, path: readonly string[]): string[] {
  checkDepth(name, path.length);
  const members = membersOf(table);
  const lines: string[] = [];
  // A key after the header of a table belongs to that table, so the plain keys come first.
  for (const [key, value] of members) {
    const place = `${name}.${key}`;
    if (!isTomlTable(value)) lines.push(`${toTomlKey(place, key)} = ${toTomlValue(place, value)}`);
  }
  for (const [key, value] of members) {
    if (!isTomlTable(value)) continue;
    const place = `${name}.${key}`;
    const inner = [...path, toTomlKey(place, key)];
    // The headers of inner tables imply a table that has only tables.
    const fields = membersOf(value);
    const isImplied = fields.length > 0 && fields.every(([, field]) => isTomlTable(field));
    if (!isImplied) lines.push("", `[${inner.join(".")}]`);
    lines.push(...documentLines(place, value, inner));
  }
  return lines;
}

function membersOf(table: TomlTable): [string, TomlValue][] {
  return Object.entries(table).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  );
}

function stringText(name: string, text: string): string {
  checkWellFormed(name, text);
  // TOML has the escapes of JSON. Only DEL is plain in JSON and forbidden in TOML.
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

/** TOML readers refuse integers beyond 64 bits: a larger one is written as a float. */
function numberText(value: number): string {
  const isLarge = Number.isInteger(value) && !Number.isSafeInteger(value);
  return isLarge ? value.toExponential() : String(value);
}

function checkDepth(name: string, depth: number): void {
  if (depth < MAX_DEPTH) return;
  throw new InvalidOptionError(
    name.slice(0, 200),
    `is nested more than ${MAX_DEPTH} levels deep, or has a circular reference; flatten it.`,
  );
}

function notExpressible(name: string, value: unknown): InvalidOptionError {
  const given = typeof value === "number" ? String(value) : describeType(value);
  return new InvalidOptionError(
    name,
    `expected a string, a finite number, a boolean, an array or a plain object, not ${given}; leave a setting out to keep its default.`,
  );
}
