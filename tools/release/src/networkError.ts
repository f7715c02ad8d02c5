import { ReleaseError } from "./releaseError.js";

/** Codes of Node and npm for failures of the network itself: there was no response. */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ERR_SOCKET_TIMEOUT",
  "ETIMEDOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_SOCKET",
]);

/** Statuses of a gateway whose server gave no response; npm's names are `E502` and so on. */
const GATEWAY_STATUS: ReadonlySet<number> = new Set([502, 503, 504]);

/** Returns whether an HTTP status means that the server was not reached. */
export function isGatewayStatus(status: number): boolean {
  return GATEWAY_STATUS.has(status);
}

/** Returns whether an error code of Node or npm means that the network failed. */
export function isNetworkCode(code: string): boolean {
  return NETWORK_CODES.has(code) || GATEWAY_STATUS.has(Number(/^E(\d{3})$/.exec(code)?.[1]));
}

/** Returns the code of the network failure in an error or its causes; null if there is none. */
export function networkCodeOf(error: unknown): string | null {
  for (
    let each = error, depth = 0;
    each instanceof Error && depth < 5;
    each = each.cause, depth += 1
  ) {
    if ("code" in each && typeof each.code === "string" && isNetworkCode(each.code))
      return each.code;
    if (each instanceof AggregateError) {
      for (const inner of each.errors) {
        const code = networkCodeOf(inner);
        if (code !== null) return code;
      }
    }
  }
  return null;
}

/** The error code in what npm printed on stderr; null if there is none. */
export function npmErrorCode(stderr: string): string | null {
  return /^npm (?:ERR!|error) code (\S+)/m.exec(stderr)?.[1] ?? null;
}

/** The error for a download that the network did not allow. */
export function networkUnavailable(what: string, code: string, cause?: unknown): ReleaseError {
  return new ReleaseError(
    "NETWORK_UNAVAILABLE",
    `Could not reach the network for ${what} (${code}). Check the connection and the proxy settings. Staging also takes files, with --package or --binary.`,
    cause === undefined ? undefined : { cause },
  );
}
