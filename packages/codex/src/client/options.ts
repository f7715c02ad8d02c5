import type { ServerRequest } from "@openai/codex-types";

import { InvalidOptionError } from "../errors.js";
import type { ServerRequestContext } from "../router/serverRequestRouter.js";
import { checkKnown } from "./checkKnown.js";
import { checkTransportOptions } from "./transportOptions.js";

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

/** Who the runtime is told that it speaks to. */
export interface ClientInfo {
  /** Default `codex_typescript_sdk`; the runtime sends it to the model provider as the originator. */
  readonly name?: string | undefined;
  /** Default `Codex TypeScript SDK`. */
  readonly title?: string | undefined;
  /** Default `CODEX_VERSION`. */
  readonly version?: string | undefined;
}

/** Something worth knowing that stops nothing. */
export type CodexDiagnostic =
  | {
      /** The runtime wrote a line to stdout that is no message; it was skipped. */
      readonly kind: "junk";
      /** The line, secrets masked. */
      readonly text: string;
    }
  | {
      /** A handler of the application threw or rejected; the runtime got a refusal in its place. */
      readonly kind: "handlerError";
      /** The wire method that the handler was for. */
      readonly method: string;
      /** What the handler threw. */
      readonly error: unknown;
    }
  | {
      /** The runtime that answered is not of the version that this SDK is pinned to. */
      readonly kind: "versionMismatch";
      /** The version of the runtime that answered. */
      readonly runtimeVersion: string;
      /** The version that this SDK is made and tested for: `CODEX_VERSION`. */
      readonly pinnedVersion: string;
    };

/** How to reach the runtime: as a child over stdio (the default), or one that is running already. */
export type TransportOptions =
  | { readonly type: "stdio" }
  | {
      readonly type: "websocket";
      /** `ws://` on the loopback, or `wss://`. */
      readonly url: string | URL;
      /** Sent as `Authorization: Bearer …`, and nowhere else. */
      readonly token?: string | undefined;
      /** Allows plain `ws://` to another machine, where anyone between can read and change all of it. */
      readonly allowInsecureRemote?: boolean | undefined;
    };

/** The options of a client of the runtime. All are optional. */
export interface ClientOptions {
  /** An executable to run in place of the installed runtime. */
  readonly codexPath?: string | undefined;
  /** Overrides of the runtime's configuration, each passed as `--config key=value`. No secrets: other users of the machine can read them. */
  readonly config?: ConfigOverrides | undefined;
  /** Replaces the whole command line: the executable and its arguments. */
  readonly launchArgs?: readonly string[] | undefined;
  /** The working folder of the runtime, against which it resolves relative paths. Default: this process's. */
  readonly cwd?: string | undefined;
  /** Merged over `process.env`; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** What the runtime is told of this client. Default: the SDK's own name and version. */
  readonly clientInfo?: ClientInfo | undefined;
  /** Whether the runtime may use, and be asked for, what its protocol calls experimental. Default `true`. */
  readonly experimentalApi?: boolean | undefined;
  /** Is asked about every request of the runtime that has no handler of its own. `undefined` leaves it to the default, which grants nothing. */
  readonly onServerRequest?:
    | ((request: ServerRequest, context: ServerRequestContext) => unknown)
    | undefined;
  /** Gets each line that the runtime writes to stderr, secrets masked. What it throws is an uncaught exception. */
  readonly onStderr?: ((line: string) => void) | undefined;
  /** Gets what is worth knowing but stops nothing. What it throws is an uncaught exception. */
  readonly onDiagnostic?: ((diagnostic: CodexDiagnostic) => void) | undefined;
  /** How long the runtime may take to start and answer `initialize`, in milliseconds. Default 30,000. */
  readonly startTimeoutMs?: number | undefined;
  /** How long each step of closing (end of input, SIGTERM, SIGKILL) may take before the next, in milliseconds. Default 2,000. */
  readonly closeTimeoutMs?: number | undefined;
  /** How many requests may wait for an answer; more wait in order. Beyond 128 the runtime leaves some unanswered. Default 64. */
  readonly maxInFlightRequests?: number | undefined;
  /** How the runtime is reached. Default: started as a child, over stdio. */
  readonly transport?: TransportOptions | undefined;
}

const KNOWN_OPTIONS: ReadonlySet<string> = new Set<keyof ClientOptions>([
  "codexPath",
  "config",
  "launchArgs",
  "cwd",
  "env",
  "clientInfo",
  "experimentalApi",
  "onServerRequest",
  "onStderr",
  "onDiagnostic",
  "startTimeoutMs",
  "closeTimeoutMs",
  "maxInFlightRequests",
  "transport",
]);

const CLIENT_INFO_MEMBERS: ReadonlySet<string> = new Set<keyof ClientInfo>([
  "name",
  "title",
  "version",
]);

/** Refuses what a caller without a compiler may have got wrong. Nothing has been started yet. */
export function checkClientOptions(options: ClientOptions): void {
  checkObject("options", options);
  checkKnown("CodexOptions", options, KNOWN_OPTIONS);
  checkPositive("startTimeoutMs", options.startTimeoutMs);
  checkPositive("closeTimeoutMs", options.closeTimeoutMs);
  checkCount("maxInFlightRequests", options.maxInFlightRequests);
  checkPath("codexPath", options.codexPath);
  checkPath("cwd", options.cwd);
  checkObject("config", options.config);
  checkEnv(options.env);
  checkClientInfo(options.clientInfo);
  checkBoolean("experimentalApi", options.experimentalApi);
  checkFunction("onServerRequest", options.onServerRequest);
  checkFunction("onStderr", options.onStderr);
  checkFunction("onDiagnostic", options.onDiagnostic);
  checkTransportOptions(options);
  const { launchArgs } = options;
  if (launchArgs === undefined) return;
  if (!Array.isArray(launchArgs) || launchArgs.length === 0 || !launchArgs.every(isArgument)) {
    throw new InvalidOptionError(
      "launchArgs",
      "expected the executable and its arguments as strings; leave it out to run the installed runtime.",
    );
  }
  if (options.codexPath !== undefined || options.config !== undefined) {
    throw new InvalidOptionError(
      "launchArgs",
      "replaces the whole command line, so codexPath and config have no place; pass one or the other.",
    );
  }
}

function checkPositive(name: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value === "number" && value > 0 && value <= 2 ** 31 - 1) return;
  throw new InvalidOptionError(
    name,
    `expected a positive number of milliseconds, not ${String(value)}.`,
  );
}

function checkCount(name: string, value: unknown): void {
  if (value === undefined || (Number.isInteger(value) && Number(value) > 0)) return;
  throw new InvalidOptionError(name, `expected a whole number above 0, not ${String(value)}.`);
}

function checkPath(name: string, value: unknown): void {
  if (value === undefined || (isArgument(value) && value !== "")) return;
  throw new InvalidOptionError(name, `expected a path, not ${JSON.stringify(value)}.`);
}

/** No system takes a NUL in an argument or a variable. */
function isArgument(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}

function checkObject(name: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
  throw new InvalidOptionError(name, `expected an object, not ${describe(value)}.`);
}

function checkBoolean(name: string, value: unknown): void {
  if (value === undefined || typeof value === "boolean") return;
  throw new InvalidOptionError(name, `expected true or false, not ${describe(value)}.`);
}

/** Says what is wrong without the value, which may be a secret. */
function checkEnv(env: unknown): void {
  checkObject("env", env);
  for (const [name, value] of Object.entries(env ?? {})) {
    if (name === "" || /[=\0]/.test(name)) {
      throw new InvalidOptionError("env", `${JSON.stringify(name)} can be no variable's name.`);
    }
    if (value === undefined || isArgument(value)) continue;
    const what = typeof value === "string" ? "one with a NUL character" : describe(value);
    throw new InvalidOptionError(`env.${name}`, `expected a string, not ${what}.`);
  }
}

function checkClientInfo(clientInfo: unknown): void {
  checkObject("clientInfo", clientInfo);
  if (clientInfo === undefined) return;
  // checkObject has refused all else.
  const members = clientInfo as object;
  checkKnown("clientInfo", members, CLIENT_INFO_MEMBERS);
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined || (typeof value === "string" && value.trim() !== "")) continue;
    throw new InvalidOptionError(
      `clientInfo.${name}`,
      `expected a text that is not empty, not ${JSON.stringify(value)}.`,
    );
  }
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}

function checkFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === "function") return;
  throw new InvalidOptionError(name, `expected a function, not ${typeof value}.`);
}
