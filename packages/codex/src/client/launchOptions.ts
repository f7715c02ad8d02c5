import { InvalidOptionError } from "../errors/codexError.js";
import { isObject } from "../internal/isObject.js";
import { describeVariableName, isVariableName } from "../internal/processText.js";
import {
  checkCount,
  checkNameLength,
  checkOneOf,
  checkText,
  describeType,
  type OptionCheck,
} from "../internal/validate.js";
import type { ConfigOverrides } from "./configOverrides.js";

/** Options of the runtime that a client starts, which the SDK turns into configuration and environment. */
export interface LaunchOptions {
  /**
   * OpenAI API key to log in with after the start (`account/login/start`). The runtime keeps the key in
   * memory: a stored login stays untouched, and other clients keep theirs. An API key in the environment
   * has no effect.
   */
  readonly apiKey?: string | undefined;
  /**
   * Base URL of the built-in model provider, such as a gateway (`openai_base_url`). Also selects that
   * provider (`model_provider = "openai"`).
   */
  readonly baseUrl?: string | undefined;
  /**
   * Variables that the runtime takes over from `process.env`: all, only a base set (`false`), or the
   * base set and those named. The base set is what programs need to run: PATH, HOME, the temporary
   * folder, locale, certificates, CODEX_HOME and the system's own ones. Proxy variables are not part of
   * it. `env` is added in each case.
   *
   * @default true
   */
  readonly inheritEnv?: boolean | readonly string[] | undefined;
  /**
   * Variables of the runtime that commands of the model and of `runCommand` get: the core ones (PATH,
   * HOME and the like), all, or the core ones and those named (`shell_environment_policy`). Defaults to
   * the configuration's, which is all of them in a runtime without one.
   */
  readonly commandEnv?: "core" | "all" | readonly string[] | undefined;
  /**
   * Number of tokens that a thread may use (`features.rollout_budget`). The turn that crosses the limit
   * fails with the code `BUDGET_EXCEEDED`, and so does each later one.
   */
  readonly tokenBudget?: number | undefined;
}

/** Launch options beside the options that they must agree with. */
interface LaunchSettings extends LaunchOptions {
  readonly config?: ConfigOverrides | undefined;
  readonly launchArgs?: readonly string[] | undefined;
}

/** Checks of the launch options, for the option table of a client. */
export const LAUNCH_CHECKS = {
  apiKey: (_name, value) => checkApiKey(value),
  baseUrl: checkBaseUrl,
  inheritEnv: (name, value) => {
    if (typeof value !== "boolean") checkVariableNames(name, value, "true, false");
  },
  commandEnv: (name, value) => {
    if (typeof value === "string") checkOneOf(name, value, ["core", "all"]);
    else checkVariableNames(name, value, '"core", "all"');
  },
  tokenBudget: checkCount,
} as const satisfies Readonly<Record<keyof LaunchOptions, OptionCheck>>;

/** Settings that an option decides about, each with its path. */
const SETTINGS = [
  ["apiKey", ["cli_auth_credentials_store"]],
  ["baseUrl", ["openai_base_url"]],
  ["baseUrl", ["model_provider"]],
  ["commandEnv", ["shell_environment_policy"]],
  ["tokenBudget", ["features", "rollout_budget"]],
] as const satisfies readonly (readonly [keyof LaunchOptions, readonly string[]])[];

/**
 * Refuses launch options that another option would make ineffective.
 *
 * @throws InvalidOptionError
 */
export function checkLaunchOptions(options: LaunchSettings): void {
  const { config, launchArgs } = options;
  for (const [name, path] of SETTINGS) {
    if (options[name] === undefined) continue;
    if (launchArgs !== undefined) {
      throw new InvalidOptionError(
        name,
        `cannot be combined with launchArgs, which replaces the whole command line; put ${path.join(".")} there.`,
      );
    }
    const given = path.reduce<unknown>(
      (value, key) => (isObject(value) ? value[key] : undefined),
      config,
    );
    if (given === undefined || (path[0] === "model_provider" && given === "openai")) continue;
    throw new InvalidOptionError(
      name,
      `decides about ${path.join(".")}, which config has, too; pass one of the two.`,
    );
  }
}

/** Returns the configuration of the runtime: `config`, and what the launch options stand for. */
export function toLaunchConfig(options: LaunchSettings): ConfigOverrides {
  const { apiKey, baseUrl, commandEnv, tokenBudget, config = {} } = options;
  const features = isObject(config["features"]) ? config["features"] : {};
  return {
    ...config,
    ...(apiKey === undefined ? {} : { cli_auth_credentials_store: "ephemeral" }),
    ...(baseUrl === undefined ? {} : { openai_base_url: baseUrl, model_provider: "openai" }),
    ...(commandEnv === undefined ? {} : { shell_environment_policy: toPolicy(commandEnv) }),
    ...(tokenBudget === undefined
      ? {}
      : {
          features: { ...features, rollout_budget: toBudget(tokenBudget) },
        }),
  };
}

/** The runtime requires the list of reminders to the model, which may be empty. */
function toBudget(tokens: number): ConfigOverrides {
  return { enabled: true, limit_tokens: tokens, reminder_at_remaining_tokens: [] };
}

/** Variables that the runtime calls the core, and Windows needs to run a program. */
const CORE_VARIABLES = [
  "PATH",
  "HOME",
  "SHELL",
  "USER",
  "LOGNAME",
  "USERNAME",
  "TMPDIR",
  "TEMP",
  "TMP",
  "SYSTEMROOT",
  "WINDIR",
  "COMSPEC",
  "PATHEXT",
  "USERPROFILE",
];

function toPolicy(commandEnv: NonNullable<LaunchOptions["commandEnv"]>): ConfigOverrides {
  if (commandEnv === "core") return { inherit: "core" };
  const all = { inherit: "all", ignore_default_excludes: true };
  return commandEnv === "all" ? all : { ...all, include_only: [...CORE_VARIABLES, ...commandEnv] };
}

/**
 * Refuses a key that a header cannot hold: the runtime would store it, and then send requests without it.
 *
 * @throws InvalidOptionError without the key, or any part of it.
 */
export function checkApiKey(apiKey: unknown): asserts apiKey is string {
  if (typeof apiKey !== "string") {
    throw new InvalidOptionError(
      "apiKey",
      `expected the key as a string, not ${describeType(apiKey)}.`,
    );
  }
  checkNameLength("apiKey", apiKey);
  if (apiKey.trim() === "") {
    throw new InvalidOptionError("apiKey", "is empty; pass the key.");
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new InvalidOptionError(
      "apiKey",
      "has white space, a control character or a character outside of ASCII, which keys do not have; a key that was read from a file often ends in a line break: trim() it.",
    );
  }
}

/** The message does not contain the address, which may hold a password. */
function checkBaseUrl(name: string, value: unknown): void {
  checkText(name, value);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new InvalidOptionError(name, "expected an http:// or https:// address.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidOptionError(
      name,
      "holds a user name or password, which every user of this machine could read; pass apiKey, or a provider with env_key.",
    );
  }
  if (url.search === "" && url.hash === "") return;
  throw new InvalidOptionError(
    name,
    "has a query or a fragment, behind which the runtime would write its paths; put a query into query_params of a provider, and a key into apiKey.",
  );
}

function checkVariableNames(name: string, value: unknown, others: string): void {
  if (!Array.isArray(value)) {
    throw new InvalidOptionError(
      name,
      `expected ${others} or a list of variable names, not ${describeType(value)}.`,
    );
  }
  value.forEach((variable: unknown, index) => {
    if (isVariableName(variable)) {
      checkNameLength(`${name}[${index}]`, variable);
      return;
    }
    throw new InvalidOptionError(
      `${name}[${index}]`,
      `expected the name of a variable, not ${describeVariableName(variable)}.`,
    );
  });
}
