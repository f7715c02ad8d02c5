/** A value that TOML can express, for `CodexOptions.config`. */
export type ConfigValue =
  | string
  | number
  | boolean
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue | undefined };

/** Overrides of the runtime's configuration, as nested objects. */
export interface ConfigOverrides {
  readonly [key: string]: ConfigValue | undefined;
}
