import { InvalidOptionError } from "../errors/codexError.js";
import { isSecretName, SecretMasker } from "../internal/secrets.js";
import { isTomlTable } from "../internal/toml.js";

/** Names of settings that hold a credential itself. `env_key` and others like it name a variable. */
const SECRET_KEY =
  /(?:^|_)(?:api_?key|private_?key|secret_?key|access_?key|passw(?:or)?d|passphrase|authorization|credentials?|secret|token)$/;
const HEADERS = /^(?:http_)?headers$/i;
const VARIABLE_NAMES = "env_http_headers";
const FLAG = /^--?([a-z][\w-]*)(=)?/i;

const REMEDIES = {
  header:
    "name a variable in env_http_headers or bearer_token_env_var in its place, and set that variable in the option env",
  serverVariable:
    "list the name of the variable in env_vars of that server, and set its value in the option env",
  commandVariable:
    "set the variable in the option env, and let shell_environment_policy pass it on",
  setting:
    "name a variable in its place where the setting has such a form (env_key, bearer_token_env_var), and set that variable in the option env",
} as const;

/**
 * Refuses overrides that hold a secret: they become arguments of the runtime, which every user of the
 * machine can read. Settings that name a variable pass. The object must not contain itself.
 *
 * @throws InvalidOptionError that names the setting and the remedy, without the value.
 */
export function checkConfigSecrets(config: object): void {
  const masker = new SecretMasker();
  const visit = (path: readonly string[], value: unknown): void => {
    if (isTomlTable(value)) {
      for (const [key, member] of Object.entries(value)) visit([...path, key], member);
    } else if (Array.isArray(value)) {
      const flag = value.find((one, index) => isSecretFlag(one, value[index + 1]));
      if (flag !== undefined) throw refusal(path);
      for (const member of value) visit(path, member);
    } else if (typeof value === "string" || typeof value === "number") {
      const text = String(value);
      if (isSecretPlace(path) || masker.mask(text) !== text) throw refusal(path);
    }
  };
  for (const [key, value] of Object.entries(config)) visit([key], value);
}

/** Returns whether what stands under this path is a secret, whatever it looks like. */
function isSecretPlace(path: readonly string[]): boolean {
  const tables = path.slice(0, -1);
  if (tables.includes(VARIABLE_NAMES)) return false;
  const key = path.at(-1) ?? "";
  if (tables.some((table) => HEADERS.test(table))) return true;
  if (isVariable(path)) return isSecretName(key);
  const words = key.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(/[^A-Za-z0-9]+/g, "_");
  return SECRET_KEY.test(words.toLowerCase());
}

function isVariable(path: readonly string[]): boolean {
  const table = path.at(-2);
  return table === "env" || (table === "set" && path.at(-3) === "shell_environment_policy");
}

/** Returns whether an argument of a command is a flag like `--token`, with its value behind it. */
function isSecretFlag(argument: unknown, next: unknown): boolean {
  const flag = typeof argument === "string" ? FLAG.exec(argument) : null;
  if (flag === null || !isSecretName(flag[1] ?? "")) return false;
  return flag[2] !== undefined || (typeof next === "string" && !next.startsWith("-"));
}

function refusal(path: readonly string[]): InvalidOptionError {
  const tables = path.slice(0, -1);
  const place = tables.some((table) => HEADERS.test(table))
    ? "header"
    : !isVariable(path)
      ? "setting"
      : path.at(-2) === "env"
        ? "serverVariable"
        : "commandVariable";
  return new InvalidOptionError(
    `config.${path.join(".")}`,
    `holds a secret, or looks like one, and would be shown to every user of this machine as an argument of the runtime; ${REMEDIES[place]}. The option config of startThread() is sent over stdin, and config.toml in CODEX_HOME is read by the runtime: both may hold secrets.`,
  );
}
