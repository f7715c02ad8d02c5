import { InvalidOptionError } from "../errors.js";
import { checkBoolean, checkObject, checkOptions, optionsOf } from "../internal/validate.js";
import type { WebSocketEndpoint } from "../transport/webSocketHandshake.js";
import type { ClientOptions, TransportOptions } from "./options.js";

type WebSocketOptions = Extract<TransportOptions, { type: "websocket" }>;

const STDIO_OPTIONS = optionsOf<Extract<TransportOptions, { type: "stdio" }>>({ type: true });
const WEBSOCKET_OPTIONS = optionsOf<WebSocketOptions>({
  type: true,
  // toWebSocketEndpoint checks these two: their values may be secret.
  url: true,
  token: true,
  allowInsecureRemote: (_name, value) => checkBoolean("transport.allowInsecureRemote", value),
});

/** Options of a runtime that is started here: one that runs already has been started with its own. */
const LAUNCH_OPTIONS = [
  "codexPath",
  "launchArgs",
  "config",
  "cwd",
  "env",
] as const satisfies readonly (keyof ClientOptions)[];

/** Refuses a transport that cannot work, or must not. Connects nothing. */
export function checkTransportOptions(options: ClientOptions): void {
  const { transport } = options;
  if (transport === undefined) return;
  checkObject("transport", transport);
  switch (transport.type) {
    case "stdio":
      checkOptions("transport", transport, STDIO_OPTIONS);
      return;
    case "websocket":
      checkOptions("transport", transport, WEBSOCKET_OPTIONS);
      toWebSocketEndpoint(transport);
      for (const name of LAUNCH_OPTIONS) {
        if (options[name] === undefined) continue;
        throw new InvalidOptionError(
          name,
          "has no effect on a runtime that is running already; leave it out, or start that runtime with it.",
        );
      }
      return;
    default: {
      // Only a caller without a compiler gets here.
      const { type }: { readonly type: unknown } = transport;
      throw new InvalidOptionError(
        "transport.type",
        `expected "stdio" or "websocket", not ${JSON.stringify(type)}.`,
      );
    }
  }
}

/**
 * Where to connect. Throws an `InvalidOptionError` for what is no WebSocket address, or would show the
 * token or the traffic to others. Its texts never quote what may hold a password.
 */
export function toWebSocketEndpoint(options: WebSocketOptions): WebSocketEndpoint {
  const { token } = options;
  const url = parseUrl(options.url);
  if (url.protocol === "ws:" && !isLoopback(url.hostname) && options.allowInsecureRemote !== true) {
    throw new InvalidOptionError(
      "transport.url",
      `ws:// to ${url.hostname} is not encrypted, and that is not this machine: use wss://, or pass allowInsecureRemote: true where nobody else is on the way.`,
    );
  }
  // What a header may hold; a space would end the token.
  if (token !== undefined && (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token))) {
    throw new InvalidOptionError(
      "transport.token",
      "expected a text of visible ASCII characters without spaces; was a line break read along with it?",
    );
  }
  return { url, token };
}

function parseUrl(value: unknown): URL {
  const text = value instanceof URL ? value.href : value;
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "ws:" && url.protocol !== "wss:")) {
    const what = url === undefined ? "what was given is no URL" : `not ${url.protocol}//`;
    throw new InvalidOptionError("transport.url", `expected a ws:// or wss:// address, ${what}.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidOptionError(
      "transport.url",
      "holds a user name or password, which logs would show; pass a token in its place.",
    );
  }
  if (url.hash !== "") {
    throw new InvalidOptionError(
      "transport.url",
      "holds a fragment, which a WebSocket has no use for.",
    );
  }
  return url;
}

/** The URL parser has written every form of an IPv4 address (`127.1`, `0x7f.1`) in the one with four parts. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
