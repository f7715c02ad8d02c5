import { InvalidOptionError } from "../errors/codexError.js";
import { isPath, isSecretName, isSecretQuery, SecretMasker } from "../internal/secrets.js";
import { isLikelySecret } from "../internal/secretShapes.js";
import { isTomlTable } from "../internal/toml.js";

/** Names of settings that hold a credential itself. `env_key` and others like it name a variable. */
const SECRET_KEY =
  /(?:^|_)(?:api_?key|private_?key|secret_?key|access_?key|passw(?:or)?d|passphrase|authorization|credentials?|secret|token)$/;
const HEADERS = /^(?:http_?)?headers$/i;
const QUERY = /^query_?params$/i;
const VARIABLE_NAMES = "env_http_headers";
const FLAG = /^--?([a-z][\w-]*)(?:=(.*))?$/is;
/** A variable with its value, as `env`, a container tool or a shell has it in an argument. */
const ASSIGNMENT = /(?:^|[\s;&"'])([A-Za-z_]\w*)=(?:"([^"$]+)"|'([^']+)'|([^\s;&"'$]+))/g;
/** Flags that a user name and a password follow, with a colon between. */
const USER_FLAG = /^(?:-u|--user|--proxy-user)$/;
const USER_IN_FLAG = /^(?:-u|--(?:proxy-)?user=)[^:=]*:(.+)$/s;
/** A password right behind its flag; a port, a path or a second flag stands there, too. */
const SHORT_PASSWORD = /^-p([^\s/=]{4,})$/;
/** A flag with its value in a text for a shell. */
const FLAG_IN_TEXT =
  /(?:^|\s)--?([a-z][\w-]*)(?:=|\s+)(?:"([^"$]+)"|'([^']+)'|([^\s;&"'$-][^\s;&"'$]*))/gi;
/** A header, as a program gets it in an argument. */
const HEADER = /^([A-Za-z][\w-]*):\s*(.+)$/s;
/** Settings that some tables have as a credential, and others as the path of a file with one. */
const MAYBE_FILE = /(?:^|_)(?:private_?key|credentials?)$/;
/** Beyond the depth that the writer of TOML refuses. */
const MAX_DEPTH = 65;

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
  for (const { path, text, isSecret } of leavesOf(config)) {
    if (isSecret || masker.mask(text) !== text) throw refusal(path);
  }
}

/** Returns the secrets of overrides that are sent over stdin, whatever they look like. */
export function secretsOfConfig(config: object, path: readonly string[] = []): string[] {
  return Array.from(leavesOf(config, path)).flatMap(({ text, isSecret }) =>
    isSecret ? [text] : [],
  );
}

/** A string or number of the overrides; `isSecret` by its place, not by its shape. */
interface Leaf {
  readonly path: readonly string[];
  readonly text: string;
  readonly isSecret: boolean;
}

function* leavesOf(value: unknown, path: readonly string[] = [], depth = 0): Generator<Leaf> {
  if (depth > MAX_DEPTH) return;
  if (isTomlTable(value)) {
    for (const [key, member] of Object.entries(value)) {
      yield* leavesOf(member, [...path, key], depth + 1);
    }
  } else if (Array.isArray(value)) {
    yield* listLeaves(value, path, depth);
  } else if (typeof value === "string" || typeof value === "number") {
    const text = String(value);
    for (const assigned of assignedSecretsOf(value)) yield { path, text: assigned, isSecret: true };
    yield { path, text, isSecret: isSecretSetting(path) && !isFileSetting(path, text) };
  }
}

/** The arguments of a command stand in a list, where a flag may name the value behind it. */
function* listLeaves(
  list: readonly unknown[],
  path: readonly string[],
  depth: number,
): Generator<Leaf> {
  for (const secret of shapedArguments(list)) yield { path, text: secret, isSecret: true };
  for (const [index, member] of list.entries()) {
    const flag = secretFlagOf(member);
    const next = list[index + 1];
    if (flag?.value !== undefined) yield { path, text: flag.value, isSecret: true };
    else if (flag !== undefined && typeof next === "string" && !next.startsWith("-")) {
      yield { path, text: next, isSecret: true };
    }
    const [, header = "", headerValue] =
      typeof member === "string" ? (HEADER.exec(member) ?? []) : [];
    if (headerValue !== undefined && isSecretName(header)) {
      yield { path, text: headerValue, isSecret: true };
    }
    const password = typeof member === "string" ? USER_IN_FLAG.exec(member)?.[1] : undefined;
    if (password !== undefined) yield { path, text: password, isSecret: true };
    if (typeof member === "string" && USER_FLAG.test(member) && String(next).includes(":")) {
      yield { path, text: String(next).replace(/^[^:]*:/, ""), isSecret: true };
    }
    yield* leavesOf(member, path, depth + 1);
  }
}

/** Returns the secrets of a list that are known by their look as much as by what stands before them. */
function shapedArguments(list: readonly unknown[]): string[] {
  const texts = list.filter((member) => typeof member === "string");
  const [name = "", value = ""] = texts;
  const isPair = list.length === 2 && texts.length === 2 && isSecretName(name);
  return [
    ...(isPair && isLikelySecret(value) ? [value] : []),
    ...texts.flatMap((text) => {
      const short = SHORT_PASSWORD.exec(text)?.[1];
      return short !== undefined && isLikelySecret(short) && !/^\d/.test(short) ? [short] : [];
    }),
    // A single word is a flag of the list itself.
    ...texts.filter((text) => /\s/.test(text)).flatMap(flaggedSecretsOf),
  ];
}

/** Returns the values that a text for a shell gives to flags which are named like a credential. */
function flaggedSecretsOf(text: string): string[] {
  return Array.from(text.matchAll(FLAG_IN_TEXT)).flatMap(([, name = "", ...values]) =>
    isSecretName(name) ? values.filter((value) => value !== undefined) : [],
  );
}

/** Returns the values that an argument assigns to variables which are named like a credential. */
function assignedSecretsOf(argument: unknown): string[] {
  if (typeof argument !== "string") return [];
  return Array.from(argument.matchAll(ASSIGNMENT)).flatMap(([, name = "", ...values]) =>
    isSecretName(name) ? values.filter((value) => value !== undefined) : [],
  );
}

/** Returns whether what stands under this path is a secret, whatever it looks like. */
export function isSecretSetting(path: readonly string[]): boolean {
  const tables = path.slice(0, -1);
  if (tables.includes(VARIABLE_NAMES)) return false;
  const key = path.at(-1) ?? "";
  if (tables.some((table) => HEADERS.test(table))) return true;
  if (tables.some((table) => QUERY.test(table))) return isSecretQuery(key);
  if (isVariable(path)) return isSecretName(key);
  return SECRET_KEY.test(toWords(key));
}

function isFileSetting(path: readonly string[], value: string): boolean {
  return MAYBE_FILE.test(toWords(path.at(-1) ?? "")) && isPath(value);
}

/** The words of a name in small letters, with underscores between. */
function toWords(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();
}

function isVariable(path: readonly string[]): boolean {
  const table = path.at(-2);
  return table === "env" || (table === "set" && path.at(-3) === "shell_environment_policy");
}

/** Returns the value that an argument like `--token=…` holds; `undefined` in it for one like `--token`. */
function secretFlagOf(argument: unknown): { readonly value: string | undefined } | undefined {
  const flag = typeof argument === "string" ? FLAG.exec(argument) : null;
  if (flag === null || !isSecretName(flag[1] ?? "")) return undefined;
  return { value: flag[2] };
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
