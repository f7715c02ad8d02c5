import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** The SHA-512 of a file, in the form of npm's integrity fields: `sha512-<base64>`. */
export async function integrityOf(path: string): Promise<string> {
  return `sha512-${(await hashFile(path, "sha512")).toString("base64")}`;
}

/**
 * Returns whether an integrity field, which may hold several hashes with options behind them, states this
 * SHA-512. Other hashes prove nothing.
 */
export function statesIntegrity(field: string, integrity: string): boolean {
  return field.split(/\s+/).some((hash) => hash.replace(/\?.*$/, "") === integrity);
}

/** The hash of a file's content. */
export async function hashFile(path: string, algorithm: "sha256" | "sha512"): Promise<Buffer> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest();
}
