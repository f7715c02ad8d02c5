import type { ServerRequest } from "@openai/codex-types";

import { InvalidOptionError } from "../errors.js";
import { isObject } from "../internal/isObject.js";
import { checkProcessText, checkVariables } from "../internal/processText.js";
import {
  checkBoolean,
  checkCount,
  checkDuration,
  checkFunction,
  checkObject,
  checkOptions,
  checkPath,
  checkText,
  describeType,
  optionsOf,
} from "../internal/validate.js";
import type { ServerRequestContext } from "../router/serverRequestRouter.js";
import type { ConfigOverrides } from "./configOverrides.js";
import type { CodexDiagnostic } from "./diagnostics.js";
import { checkLaunchOptions, LAUNCH_CHECKS, type LaunchOptions } from "./launchOptions.js";
import { checkTransport, type TransportOptions } from "./transportOptions.js";

/** Name, title and version of the client, sent in `initialize`. */
export interface ClientInfo {
  /**
   * Name of the client. The runtime sends it to the model provider as the originator.
   *
   * @default "codex_typescript_sdk"
   */
  readonly name?: string | undefined;
  /**
   * Name of the client for people.
   *
   * @default "Codex TypeScript SDK"
   */
  readonly title?: string | undefined;
  /**
   * Version of the client.
   *
   * @default CODEX_VERSION
   */
  readonly version?: string | undefined;
}

/** Options of a client of the runtime. All are optional. */
export interface ClientOptions extends LaunchOptions {
  /** Path of the executable to run instead of the installed runtime. */
  readonly codexPath?: string | undefined;
  /**
   * Overrides of the runtime's configuration, each passed as `--config key=value`. Do not put secrets
   * here: every user of the machine can read the arguments of a process.
   */
  readonly config?: ConfigOverrides | undefined;
  /** The executable and all of its arguments, instead of the default command line. */
  readonly launchArgs?: readonly string[] | undefined;
  /** Working directory of the runtime, which resolves relative paths. Defaults to the working directory of this process. */
  readonly cwd?: string | undefined;
  /** Environment variables, merged over those of `inheritEnv`. `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Name and version of the client, sent in `initialize`. Defaults to those of the SDK. */
  readonly clientInfo?: ClientInfo | undefined;
  /**
   * Enables the experimental methods and fields of the protocol.
   *
   * @default true
   */
  readonly experimentalApi?: boolean | undefined;
  /**
   * Responds to each server request that does not have a handler of its own. When it returns
   * `undefined`, the default response is sent, which never grants anything.
   */
  readonly onServerRequest?:
    | ((request: ServerRequest, context: ServerRequestContext) => unknown)
    | undefined;
  /** Receives each line that the runtime writes to stderr, with secrets masked. An error that it throws becomes an uncaught exception. */
  readonly onStderr?: ((line: string) => void) | undefined;
  /** Receives non-fatal diagnostic events. An error that it throws becomes an uncaught exception. */
  readonly onDiagnostic?: ((diagnostic: CodexDiagnostic) => void) | undefined;
  /**
   * Time limit for the start of the runtime and its `initialize` response, in milliseconds.
   *
   * @default 30_000
   */
  readonly startTimeoutMs?: number | undefined;
  /**
   * Time limit for each step of closing (end of input, SIGTERM, SIGKILL), in milliseconds.
   *
   * @default 2_000
   */
  readonly closeTimeoutMs?: number | undefined;
  /**
   * Largest number of requests in flight; further requests wait in a FIFO queue. With more than 128 in
   * flight the runtime leaves some without a response.
   *
   * @default 64
   */
  readonly maxInFlightRequests?: number | undefined;
  /**
   * Connection to the runtime.
   *
   * @default { type: "stdio" }
   */
  readonly transport?: TransportOptions | undefined;
}

/** Options of a runtime that the client starts. */
const LAUNCH_OPTIONS = [
  "codexPath",
  "launchArgs",
  "config",
  "cwd",
  "env",
  "apiKey",
  "baseUrl",
  "inheritEnv",
  "commandEnv",
  "tokenBudget",
] as const satisfies readonly (keyof ClientOptions)[];

const CLIENT_INFO = optionsOf<ClientInfo>({
  name: (_name, value) => checkText("clientInfo.name", value),
  title: (_name, value) => checkText("clientInfo.title", value),
  version: (_name, value) => checkText("clientInfo.version", value),
});

/** The options of a client, each with its check. */
export const CLIENT_OPTIONS = optionsOf<ClientOptions>({
  ...LAUNCH_CHECKS,
  codexPath: checkPath,
  config: (name, value) => {
    // Not shown: a setting may be a secret.
    if (!isObject(value)) {
      throw new InvalidOptionError(name, `expected an object, not ${describeType(value)}.`);
    }
  },
  launchArgs: checkLaunchArgs,
  cwd: checkPath,
  env: (name, value) => checkVariables(name, value),
  clientInfo: (name, value) => {
    checkObject(name, value);
    checkOptions(name, value, CLIENT_INFO);
  },
  experimentalApi: checkBoolean,
  onServerRequest: checkFunction,
  onStderr: checkFunction,
  onDiagnostic: checkFunction,
  startTimeoutMs: checkDuration,
  closeTimeoutMs: checkDuration,
  maxInFlightRequests: checkCount,
  transport: checkTransport,
});

/**
 * Checks the options of a client. Nothing has been started yet.
 *
 * @throws InvalidOptionError
 */
export function checkClientOptions(options: ClientOptions): void {
  checkOptions("new Codex()", options, CLIENT_OPTIONS);
  const { launchArgs, transport } = options;
  if (transport !== undefined && transport.type !== "stdio") refuseLaunchOptions(options);
  checkLaunchOptions(options);
  if (launchArgs === undefined) return;
  if (options.codexPath !== undefined || options.config !== undefined) {
    throw new InvalidOptionError(
      "launchArgs",
      "replaces the whole command line and cannot be combined with codexPath or config; pass one or the other.",
    );
  }
}

/** A runtime that is running already has been started with options of its own. */
function refuseLaunchOptions(options: ClientOptions): void {
  for (const name of LAUNCH_OPTIONS) {
    if (options[name] === undefined) continue;
    throw new InvalidOptionError(
      name,
      "has no effect on a runtime that is already running; leave it out, or start that runtime with it.",
    );
  }
}

function checkLaunchArgs(name: string, value: unknown): void {
  if (!Array.isArray(value) || value.length === 0) {
    throw new InvalidOptionError(
      name,
      `expected the executable and its arguments as an array of strings, not ${Array.isArray(value) ? "an empty array" : describeType(value)}; leave it out to run the installed runtime.`,
    );
  }
  checkPath(`${name}[0]`, value[0]);
  for (const [index, argument] of value.entries()) {
    checkProcessText(`${name}[${index}]`, argument);
  }
}
