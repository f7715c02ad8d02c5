import { InvalidOptionError } from "../errors.js";
import { maskSecrets } from "../internal/secrets.js";
import type { ConfigOverrides, ConfigValue } from "./options.js";

/** Windows allows 32,767 characters for a whole command line; Linux 128 KiB for one argument. */
const MAX_CONFIG_CHARACTERS = 24_000;

const BARE_KEY = /^[A-Za-z0-9_-]+$/;

/** Settings that hold a credential itself, where the runtime also knows one that names a variable. */
const SECRET_KEY =
  /^(?:api_?key|password|authorization|client_secret|(?:experimental_)?bearer_token|(?:access|refresh|id|auth)_token)$/i;
const SECRET_TABLE = /^http_headers$/i;

/** The `--config key=<TOML>` arguments for these overrides: one for each leaf, under a dotted key. */
export function toConfigArgs(config: ConfigOverrides): string[] {
  const args: string[] = [];
  for (const [key, value] of Object.entries(config)) {
    if (value !== undefined) addArgs(args, [key], value);
  }
  const length = args.reduce((sum, arg) => sum + arg.length + 1, 0);
  if (length > MAX_CONFIG_CHARACTERS) {
    throw new InvalidOptionError(
      "config",
      `takes ${length} characters on the command line, more than the ${MAX_CONFIG_CHARACTERS} that fit everywhere; put it into config.toml of CODEX_HOME, or pass it to startThread({ config }).`,
    );
  }
  return args;
}

function addArgs(args: string[], path: readonly string[], value: ConfigValue): void {
  const name = `config.${path.join(".")}`;
  checkKey(path, name);
  if (isTable(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    // The runtime splits the key at its dots, so a key that needs quotes has to stand in a value.
    if (members.length > 0 && members.every(([key]) => BARE_KEY.test(key))) {
      for (const [key, member] of members) {
        if (member !== undefined) addArgs(args, [...path, key], member);
      }
      return;
    }
  }
  args.push("--config", `${path.join(".")}=${toToml(value, name)}`);
}

function checkKey(path: readonly string[], name: string): void {
  const key = path.at(-1) ?? "";
  if (!BARE_KEY.test(key)) {
    throw new InvalidOptionError(
      name,
      `a key is made of letters, digits, - and _; nest objects in place of dots.`,
    );
  }
  if (SECRET_KEY.test(key) || path.slice(0, -1).some((part) => SECRET_TABLE.test(part))) {
    throw new InvalidOptionError(
      name,
      "would show a secret to every user of this machine, as an argument of the runtime; name a variable in its place (env_key, bearer_token_env_var, env_http_headers) and set that in env.",
    );
  }
}

function toToml(value: ConfigValue, name: string): string {
  if (typeof value === "string") {
    if (maskSecrets(value) !== value) {
      throw new InvalidOptionError(
        name,
        "looks like a secret, and would be shown to every user of this machine as an argument of the runtime; pass it in env.",
      );
    }
    return toTomlString(value);
  }
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) {
    return `[${value.map((member: ConfigValue, i) => toToml(member, `${name}[${i}]`)).join(", ")}]`;
  }
  if (isTable(value)) {
    const members = Object.entries(value).flatMap(([key, member]) => {
      if (member === undefined) return [];
      const memberName = `${name}.${key}`;
      if (SECRET_KEY.test(key)) checkKey([key], memberName);
      return [`${BARE_KEY.test(key) ? key : toTomlString(key)} = ${toToml(member, memberName)}`];
    });
    return `{ ${members.join(", ")} }`;
  }
  throw new InvalidOptionError(
    name,
    `expected a string, a finite number, a boolean, an array or an object, not ${String(value)}; leave a setting out to keep it.`,
  );
}

// JSON's escapes are TOML's, but for U+007F, which TOML does not take raw.
function toTomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

function isTable(value: unknown): value is { readonly [key: string]: ConfigValue | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
