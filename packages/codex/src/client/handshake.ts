import type { InitializeParams } from "@openai/codex-types";

import { CodexProtocolError } from "../errors.js";
import { isObject } from "../rpc/message.js";
import type { ClientOptions } from "./options.js";
import { CODEX_VERSION } from "./version.js";

/** Who answered, as said in the `initialize` response. */
export interface InitializeMetadata {
  /** The user agent that the runtime sends to model providers. */
  readonly userAgent: string;
  /** The runtime's name and version. */
  readonly serverInfo: { readonly name: string; readonly version: string };
  /** The runtime version that this SDK is made and tested for: `CODEX_VERSION`. */
  readonly pinnedVersion: string;
  /** The folder of the runtime's state; older runtimes do not say. */
  readonly codexHome: string | undefined;
  /** `unix` or `windows`. */
  readonly platformFamily: string | undefined;
  /** `linux`, `macos` or `windows`. */
  readonly platformOs: string | undefined;
}

/** The params of `initialize` for these options. */
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
 * Normalises the `initialize` response. What `serverInfo` lacks is read off the user agent, which
 * begins with `<name>/<version>`; the name is the client's own, and may hold spaces and slashes.
 */
export function toInitializeMetadata(response: unknown): InitializeMetadata {
  const members = isObject(response) ? response : {};
  const userAgent = text(members["userAgent"]);
  const serverInfo = isObject(members["serverInfo"]) ? members["serverInfo"] : {};
  const agent = parseUserAgent(userAgent ?? "");
  const name = text(serverInfo["name"]) ?? agent.name;
  const version = text(serverInfo["version"]) ?? agent.version;
  if (userAgent === undefined || name === undefined || version === undefined) {
    throw new CodexProtocolError(
      `initialize response missing required metadata (userAgent=${show(userAgent)}, serverInfo.name=${show(name)}, serverInfo.version=${show(version)}): is this a Codex app-server?`,
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

/** Reads `<name>/<version> …`, failing that `<name> <version> …`, failing that a name alone. */
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
