import type { CodexOptions } from "../api/codexOptions.js";
import { isTomlTable } from "../internal/toml.js";

/** The contents of a `config.toml`: nested objects are tables, `undefined` leaves a key out. */
export type ConfigTable = NonNullable<CodexOptions["config"]>;

type ConfigValue = NonNullable<ConfigTable[string]>;

/** Merges `over` into `base`, table by table. An `undefined` in `over` removes the key. */
export function mergeConfig(base: ConfigTable, over: ConfigTable): ConfigTable {
  const merged: Record<string, ConfigValue | undefined> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = merged[key];
    merged[key] = isTomlTable(old) && isTomlTable(value) ? mergeConfig(old, value) : value;
  }
  return merged;
}
