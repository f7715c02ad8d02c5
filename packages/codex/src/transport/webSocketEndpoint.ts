/** Certificates and keys of a TLS connection, as `node:tls` takes them. */
export interface TlsMaterial {
  readonly ca?: TlsText | undefined;
  readonly cert?: TlsText | undefined;
  readonly key?: TlsText | undefined;
  readonly passphrase?: string | undefined;
}

/** PEM text or bytes, or several. */
export type TlsText = string | Uint8Array | readonly (string | Uint8Array)[];

/** Address at which an app-server listens for WebSockets. */
export type WebSocketEndpoint =
  | {
      readonly kind: "url";
      /** `ws://` or `wss://`, without user information and fragment. */
      readonly url: URL;
      /** Sent in the `Authorization` header as a bearer token, and nowhere else. */
      readonly token: string | undefined;
      readonly tls: TlsMaterial | undefined;
    }
  | {
      readonly kind: "unix";
      /** Path of the socket. */
      readonly path: string;
    };

/** Returns the address as it may be shown: a query may hold a secret. */
export function describeEndpoint(endpoint: WebSocketEndpoint): string {
  if (endpoint.kind === "unix") return `the socket ${endpoint.path}`;
  const { protocol, host, pathname } = endpoint.url;
  return `${protocol}//${host}${pathname}`;
}

/** Causes of a failed connection, by the system's or the TLS library's code, each with its remedy. */
const CONNECT_REMEDIES: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "Start a Codex app-server that listens on this path, or correct the path."],
  ["ENOTSOCK", "Name the socket that the Codex app-server listens on."],
  ["ECONNREFUSED", "Start a Codex app-server that listens there, or correct the address."],
  ["EACCES", "Connect as the user who started the Codex app-server."],
  ["EPERM", "Connect as the user who started the Codex app-server."],
  ["EINVAL", "Use a shorter path: the system limits that of a socket to about 100 bytes."],
  ["ENAMETOOLONG", "Use a shorter path: the system limits that of a socket to about 100 bytes."],
  ["ENOTFOUND", "Correct the host name of the address."],
  ["ETIMEDOUT", "Check the network and the firewall between this machine and the app-server."],
  ["EHOSTUNREACH", "Check the network and the firewall between this machine and the app-server."],
  ["ENETUNREACH", "Check the network and the firewall between this machine and the app-server."],
  ["EMFILE", "Raise the limit of open files (ulimit -n), or close some."],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "Use a host name that the certificate of the server has."],
  ["CERT_HAS_EXPIRED", "Renew the certificate of the server."],
  ...[
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  ].map((code): [string, string] => [
    code,
    "Pass the certificate of its authority as transport.tls.ca, or in NODE_EXTRA_CA_CERTS.",
  ]),
]);

/** Returns what to do about a failed connection. A code without a known cause gets the general advice. */
export function connectRemedy(cause: unknown): string {
  const code = codeOf(cause);
  return (
    CONNECT_REMEDIES.get(code ?? "") ??
    "Check that a Codex app-server listens there, and the token if it asks for one."
  );
}

/** An `AggregateError`, of a name with several addresses, has the code of its first error. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined;
}
