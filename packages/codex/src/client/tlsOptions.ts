import type { SecureContextOptions } from "node:tls";

import { InvalidOptionError } from "../errors.js";
import { isObject } from "../internal/isObject.js";
import { checkOptions, describeType, optionsOf } from "../internal/validate.js";
import type { TlsMaterial } from "../transport/webSocketEndpoint.js";

/** Certificates and keys of a `wss://` connection: PEM text or bytes, or several. */
export interface TransportTls {
  /** Certificates of the authorities to trust, in place of those of Node. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** Certificate of this client, for a server that asks for one. */
  readonly cert?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** Private key of `cert`. */
  readonly key?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** Passphrase of `key`. */
  readonly passphrase?: string | undefined;
}

const TLS_OPTIONS = optionsOf<TransportTls>({
  ca: (_name, value) => checkAuthorities("transport.tls.ca", value),
  cert: (_name, value) => checkTlsText("transport.tls.cert", value),
  key: (_name, value) => checkTlsText("transport.tls.key", value),
  passphrase: (_name, value) => {
    if (typeof value !== "string") throw notText("transport.tls.passphrase", "a string", value);
  },
});

/**
 * Checks the certificates and keys of a connection, as the TLS library reads them.
 *
 * @throws InvalidOptionError that names the part, and does not show it.
 */
export function toTls(tls: unknown, url: URL): TlsMaterial | undefined {
  if (tls === undefined) return undefined;
  // Not `checkObject`, which shows the value: a key is a secret.
  if (!isObject(tls)) throw notText("transport.tls", "an object", tls);
  checkOptions("transport.tls", tls, TLS_OPTIONS);
  if (url.protocol !== "wss:") {
    throw new InvalidOptionError("transport.tls", "has no effect on ws://; use a wss:// address.");
  }
  // SAFETY: each member was checked.
  const material = { ...(tls as TransportTls) };
  checkPair(material);
  return material;
}

/** The TLS library ignores an authority that it cannot read, and would blame the server for that. */
function checkAuthorities(name: string, value: unknown): void {
  checkTlsText(name, value);
  const { X509Certificate } = process.getBuiltinModule("node:crypto");
  for (const part of [value].flat()) {
    // SAFETY: checked to be text or bytes.
    const pem = Buffer.from(part as Uint8Array);
    if (!pem.includes("-----BEGIN ")) throw unreadable(name, "a certificate", "no BEGIN line");
    try {
      void new X509Certificate(pem);
    } catch (error) {
      throw unreadable(name, "a certificate", error);
    }
  }
}

/** Has the TLS library read the certificate and the key, which must belong together. */
function checkPair({ cert, key, passphrase }: TransportTls): void {
  if (key === undefined) {
    if (cert === undefined) return;
    throw new InvalidOptionError("transport.tls.cert", "needs its private key; pass key, too.");
  }
  const { createSecureContext } = process.getBuiltinModule("node:tls");
  const parts: readonly (readonly [name: string, what: string, material: TransportTls])[] = [
    ["transport.tls.cert", "a certificate", { cert }],
    ["transport.tls.key", "a private key with this passphrase", { key, passphrase }],
    ["transport.tls.key", "the private key of cert", { cert, key, passphrase }],
  ];
  for (const [name, what, material] of parts) {
    try {
      // SAFETY: the lists are read-only here, and `node:tls` does not change them.
      createSecureContext(material as SecureContextOptions);
    } catch (error) {
      throw unreadable(name, what, error);
    }
  }
}

/** The message of the TLS library names its routine, and does not have the text. */
function unreadable(name: string, what: string, cause: unknown): InvalidOptionError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InvalidOptionError(
    name,
    `cannot be read as ${what} (${reason}); pass PEM text or bytes.`,
    { cause },
  );
}

function checkTlsText(name: string, value: unknown): void {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const bad = parts.find((part) => typeof part !== "string" && !(part instanceof Uint8Array));
  if (parts.length === 0 || bad !== undefined) throw notText(name, "PEM text or bytes", bad);
}

function notText(name: string, expected: string, value: unknown): InvalidOptionError {
  return new InvalidOptionError(name, `expected ${expected}, not ${describeType(value)}.`);
}
