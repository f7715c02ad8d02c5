import { InvalidOptionError } from "../errors.js";
import {
  checkBoolean,
  checkDuration,
  checkObject,
  checkOptions,
  checkPath,
  describeValue,
  optionsOf,
} from "../internal/validate.js";
import type { WebSocketEndpoint } from "../transport/webSocketEndpoint.js";
import { checkReconnect, type ReconnectOptions } from "./reconnectPolicy.js";
import { toTls, type TransportTls } from "./tlsOptions.js";

/**
 * Connection to the runtime: a child process over stdio, or a runtime that is already running, over a
 * Unix socket (`codex app-server --listen unix://PATH`) or a WebSocket (`--listen ws://IP:PORT`).
 */
export type TransportOptions =
  | { readonly type: "stdio" }
  | {
      readonly type: "unix";
      /** Path of the socket. */
      readonly path: string;
      /**
       * Ends the connection with a `TransportClosedError` when nothing was received for this long, in
       * milliseconds; the SDK sends pings before.
       *
       * @default 30_000
       */
      readonly livenessMs?: number | undefined;
      /**
       * Connects again when the connection is lost, and restores the threads and turns that this client
       * follows. Without it, a lost connection is the end of the client.
       */
      readonly reconnect?: ReconnectOptions | undefined;
    }
  | {
      readonly type: "websocket";
      /** `ws://` on the loopback, or `wss://`. */
      readonly url: string | URL;
      /** Sent as `Authorization: Bearer …`, and nowhere else. */
      readonly token?: string | undefined;
      /** Certificates and keys of a `wss://` connection. Defaults to what Node trusts. */
      readonly tls?: TransportTls | undefined;
      /** Allows plain `ws://` to another machine, where anyone between can read and change all of it. */
      readonly allowInsecureRemote?: boolean | undefined;
      /**
       * Ends the connection with a `TransportClosedError` when nothing was received for this long, in
       * milliseconds; the SDK sends pings before.
       *
       * @default 30_000
       */
      readonly livenessMs?: number | undefined;
      /**
       * Connects again when the connection is lost, and restores the threads and turns that this client
       * follows. Without it, a lost connection is the end of the client.
       */
      readonly reconnect?: ReconnectOptions | undefined;
    };

type OptionsOf<Type extends TransportOptions["type"]> = Extract<TransportOptions, { type: Type }>;

const checkLiveness = (_name: string, value: unknown) =>
  checkDuration("transport.livenessMs", value);

const STDIO_OPTIONS = optionsOf<OptionsOf<"stdio">>({ type: true });
const UNIX_OPTIONS = optionsOf<OptionsOf<"unix">>({
  type: true,
  path: true,
  livenessMs: checkLiveness,
  reconnect: checkReconnect,
});
const WEBSOCKET_OPTIONS = optionsOf<OptionsOf<"websocket">>({
  type: true,
  // toWebSocketEndpoint checks these: their values may be secret.
  url: true,
  token: true,
  tls: true,
  allowInsecureRemote: (_name, value) => checkBoolean("transport.allowInsecureRemote", value),
  livenessMs: checkLiveness,
  reconnect: checkReconnect,
});
/** Refuses a transport that cannot work, or must not. Connects nothing. */
export function checkTransport(name: string, transport: unknown): void {
  checkObject(name, transport);
  // SAFETY: the type is compared with the known ones, and the options of each are checked below.
  const options = transport as TransportOptions;
  switch (options.type) {
    case "stdio":
      checkOptions(name, options, STDIO_OPTIONS);
      return;
    case "unix":
      checkOptions(name, options, UNIX_OPTIONS);
      checkPath(`${name}.path`, options.path);
      return;
    case "websocket":
      checkOptions(name, options, WEBSOCKET_OPTIONS);
      toWebSocketEndpoint(options);
      return;
    default: {
      // Only a caller without a compiler gets here.
      const { type }: { readonly type: unknown } = options;
      throw new InvalidOptionError(
        `${name}.type`,
        `expected "stdio", "unix" or "websocket", not ${describeValue(type)}.`,
      );
    }
  }
}

/**
 * Returns the address to connect to. The messages of its errors never quote what may hold a password.
 *
 * @throws InvalidOptionError for what is not a WebSocket address, or would show the token or the traffic
 * to others.
 */
export function toWebSocketEndpoint(
  options: OptionsOf<"websocket">,
): Extract<WebSocketEndpoint, { kind: "url" }> {
  const { token } = options;
  const url = parseUrl(options.url);
  if (url.protocol === "ws:" && !isLoopback(url.hostname) && options.allowInsecureRemote !== true) {
    throw new InvalidOptionError(
      "transport.url",
      `ws:// to ${url.hostname} is not encrypted, and that is not this machine: use wss://, or pass allowInsecureRemote: true where nobody else can read the traffic.`,
    );
  }
  // The characters that a header may have; a space would end the token.
  if (token !== undefined && (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token))) {
    throw new InvalidOptionError(
      "transport.token",
      "expected a text of visible ASCII characters without spaces; was a line break read along with it?",
    );
  }
  return { kind: "url", url, token, tls: toTls(options.tls, url) };
}

function parseUrl(value: unknown): URL {
  const text = value instanceof URL ? value.href : value;
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "ws:" && url.protocol !== "wss:")) {
    const given = url === undefined ? "the value is not a URL" : `not ${url.protocol}//`;
    throw new InvalidOptionError("transport.url", `expected a ws:// or wss:// address; ${given}.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidOptionError(
      "transport.url",
      "has a user name or password, which logs would show; pass a token in its place.",
    );
  }
  if (url.hash !== "") {
    throw new InvalidOptionError(
      "transport.url",
      "has a fragment, which a WebSocket address cannot have; remove it.",
    );
  }
  return url;
}

/** Returns whether a host is this machine. The URL parser has written every form of an IPv4 address (`127.1`, `0x7f.1`) in the one with four parts. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
