import type { InitializeParams } from "@openai/codex-types";

import { CodexProtocolError } from "../errors.js";
import { isObject } from "../internal/isObject.js";
import type { SecretMasker } from "../internal/secrets.js";
import type { ClientOptions } from "./options.js";
import { CODEX_VERSION } from "./version.js";

/** Server metadata from the `initialize` handshake. */
export interface InitializeMetadata {
  /** User agent that the runtime sends to model providers. */
  readonly userAgent: string;
  /** Name and version of the runtime. */
  readonly serverInfo: { readonly name: string; readonly version: string };
  /** Runtime version that this SDK is made for: `CODEX_VERSION`. */
  readonly pinnedVersion: string;
  /** Directory of the runtime's state; `undefined` with runtimes that do not report it. */
  readonly codexHome: string | undefined;
  /** `unix` or `windows`. */
  readonly platformFamily: string | undefined;
  /** `linux`, `macos` or `windows`. */
  readonly platformOs: string | undefined;
}

/** Builds the params of `initialize`. */
export function toInitializeParams(options: ClientOptions): InitializeParams {
  const { name, title, version } = options.clientInfo ?? {};
  return {
    clientInfo: {
      name: name ?? "codex_typescript_sdk",
      title: title ?? "Codex TypeScript SDK",
      version: version ?? CODEX_VERSION,
    },
    capabilities: {
      experimentalApi: options.experimentalApi ?? true,
      requestAttestation: false,
    },
  };
}

/**
 * Normalises the `initialize` response. When `serverInfo` is incomplete, the user agent is parsed
 * instead: it starts with `<name>/<version>`, where the name is the client's and may contain spaces
 * and slashes.
 *
 * @throws CodexProtocolError when the response does not identify a runtime.
 */
export function toInitializeMetadata(response: unknown, secrets: SecretMasker): InitializeMetadata {
  const members = isObject(response) ? response : {};
  const userAgent = text(members["userAgent"]);
  const serverInfo = isObject(members["serverInfo"]) ? members["serverInfo"] : {};
  const agent = parseUserAgent(userAgent ?? "");
  const name = text(serverInfo["name"]) ?? agent.name;
  const version = text(serverInfo["version"]) ?? agent.version;
  if (userAgent === undefined || name === undefined || version === undefined) {
    const found = `userAgent=${show(userAgent)}, serverInfo.name=${show(name)}, serverInfo.version=${show(version)}`;
    throw new CodexProtocolError(
      `the initialize response lacks required metadata (${secrets.mask(found)}); check that the program is a Codex app-server.`,
    );
  }
  return {
    userAgent,
    serverInfo: { name, version },
    pinnedVersion: CODEX_VERSION,
    codexHome: text(members["codexHome"]),
    platformFamily: text(members["platformFamily"]),
    platformOs: text(members["platformOs"]),
  };
}

function text(value: unknown): string | undefined {
  const trimmed = typeof value === "string" ? value.trim() : "";
  return trimmed === "" ? undefined : trimmed;
}

/** Parses `<name>/<version> …`, else `<name> <version> …`, else only a name. */
function parseUserAgent(agent: string): {
  readonly name: string | undefined;
  readonly version: string | undefined;
} {
  const match =
    /^(.+?)\/(\d\S*)/.exec(agent) ??
    /^([^/]+)\/\s*(\S+)/.exec(agent) ??
    /^([^/\s]+)\s+([^/\s]+)/.exec(agent);
  return { name: text(match?.[1] ?? agent.split("/")[0]), version: text(match?.[2]) };
}

function show(value: string | undefined): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
