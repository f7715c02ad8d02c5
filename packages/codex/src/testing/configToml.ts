import type { CodexOptions } from "../api/codex.js";
import { InvalidOptionError } from "../errors.js";

/** The contents of a `config.toml`: nested objects are tables, `undefined` leaves a key out. */
export type ConfigTable = NonNullable<CodexOptions["config"]>;

type ConfigValue = NonNullable<ConfigTable[string]>;

/** Merges `over` into `base`, table by table. An `undefined` in `over` removes the key. */
export function mergeConfig(base: ConfigTable, over: ConfigTable): ConfigTable {
  const merged: Record<string, ConfigValue | undefined> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = merged[key];
    merged[key] = isTable(old) && isTable(value) ? mergeConfig(old, value) : value;
  }
  return merged;
}

/** Writes a table as TOML text. */
export function toToml(table: ConfigTable): string {
  return tableLines(table, []).join("\n") + "\n";
}

function tableLines(table: ConfigTable, path: readonly string[]): string[] {
  const entries = Object.entries(table);
  const lines: string[] = [];
  // A key after the header of a table belongs to that table, so the plain keys come first.
  for (const [key, value] of entries) {
    if (value !== undefined && !isTable(value)) lines.push(`${keyText(key)} = ${valueText(value)}`);
  }
  for (const [key, value] of entries) {
    if (!isTable(value)) continue;
    const inner = [...path, key];
    // The headers of inner tables imply a table that has only tables.
    const fields = Object.values(value);
    const isImplied = fields.some(isTable) && fields.every((field) => isTable(field));
    if (!isImplied) lines.push("", `[${inner.map(keyText).join(".")}]`);
    lines.push(...tableLines(value, inner));
  }
  return lines;
}

function valueText(value: ConfigValue): string {
  if (typeof value === "string") return stringText(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (Number.isFinite(value)) return String(value);
    throw new InvalidOptionError(
      "config",
      `${value} is not a number that a configuration can have; use a finite one.`,
    );
  }
  if (!isTable(value)) return `[${value.map(valueText).join(", ")}]`;
  const fields = Object.entries(value).flatMap(([key, field]) =>
    field === undefined ? [] : [`${keyText(key)} = ${valueText(field)}`],
  );
  return `{ ${fields.join(", ")} }`;
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/u.test(key) ? key : stringText(key);
}

function stringText(value: string): string {
  // TOML has the escapes of JSON. Only DEL is plain in JSON and forbidden in TOML.
  return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
}

function isTable(value: ConfigValue | undefined): value is ConfigTable {
  return typeof value === "object" && !Array.isArray(value);
}
