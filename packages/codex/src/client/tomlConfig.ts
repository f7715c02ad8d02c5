import { InvalidOptionError } from "../errors/codexError.js";
import { isBareKey, isTomlTable, toTomlValue } from "../internal/toml.js";
import type { ConfigOverrides } from "./configOverrides.js";
import { checkConfigSecrets } from "./configSecrets.js";

/** Windows allows 32,767 characters for a whole command line; Linux 128 KiB for one argument. */
const MAX_CONFIG_CHARACTERS = 24_000;

/**
 * Returns the `--config key=<TOML>` arguments for these overrides: one for each leaf, under a dotted key.
 *
 * @throws InvalidOptionError for a secret, a value that TOML cannot express, or more than fits on a
 * command line.
 */
export function toConfigArgs(config: ConfigOverrides): string[] {
  const args: string[] = [];
  for (const [key, value] of Object.entries(config)) {
    if (value !== undefined) addArgs(args, [key], value);
  }
  // Behind the writer, which refuses an object that contains itself.
  checkConfigSecrets(config);
  const length = args.reduce((sum, arg) => sum + lengthOnCommandLine(arg) + 1, 0);
  if (length > MAX_CONFIG_CHARACTERS) {
    throw new InvalidOptionError(
      "config",
      `takes ${length} characters on the command line, more than the ${MAX_CONFIG_CHARACTERS} that fit on every system; put it into config.toml of CODEX_HOME, or pass it to startThread({ config }).`,
    );
  }
  return args;
}

function addArgs(args: string[], path: readonly string[], value: unknown): void {
  const name = `config.${path.join(".")}`;
  if (!isBareKey(path.at(-1) ?? "")) {
    throw new InvalidOptionError(
      name,
      "expected a key of letters, digits, - and _; nest objects in place of dots.",
    );
  }
  // Beyond the depth that the writer of TOML refuses.
  if (isTomlTable(value) && path.length < 64) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    // The runtime splits the key at its dots, so a key that needs quotes has to stand in a value.
    if (members.length > 0 && members.every(([key]) => isBareKey(key))) {
      for (const [key, member] of members) addArgs(args, [...path, key], member);
      return;
    }
  }
  args.push("--config", `${path.join(".")}=${toTomlValue(name, value)}`);
}

/**
 * Returns the length of an argument as Windows gets it, which is the longest form: in quotes, with a
 * backslash before each quote, and the backslashes before a quote doubled.
 */
function lengthOnCommandLine(argument: string): number {
  if (!/[\s"]/.test(argument)) return argument.length;
  let length = argument.length + 2;
  let backslashes = 0;
  for (const character of argument) {
    if (character === "\\") backslashes += 1;
    else {
      if (character === '"') length += backslashes + 1;
      backslashes = 0;
    }
  }
  return length + backslashes;
}
