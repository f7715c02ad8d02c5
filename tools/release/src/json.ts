import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";

import { ReleaseError } from "./releaseError.js";

/** Returns whether `value` is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object of strings at `value`, such as a manifest's dependencies; empty if there is none. */
export function stringMap(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}

/**
 * The JSON object in a text.
 *
 * @throws ReleaseError `INVALID_PACKAGE` if it is none; `source` says where the text comes from.
 */
export function parseJsonObject(text: string, source: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ReleaseError("INVALID_PACKAGE", `${source} is not JSON.`, { cause });
  }
  if (!isRecord(value)) {
    throw new ReleaseError("INVALID_PACKAGE", `${source} holds no JSON object.`);
  }
  return value;
}

/** The JSON object in a file. */
export function readJsonObject(path: string): Record<string, unknown> {
  return parseJsonObject(readFileSync(path, "utf8"), path);
}

/** Writes a value as JSON, the way that the manifests of this repository are formatted. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
