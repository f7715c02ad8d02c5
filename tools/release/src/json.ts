import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";

import { ReleaseError } from "./releaseError.js";
import { systemErrorOf } from "./systemError.js";

/** Returns whether `value` is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the object of strings in `value`, such as a manifest's dependencies; empty if it is not an object. */
export function stringMap(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}

/**
 * Parses JSON. Editors on Windows write a byte order mark in front of it, which is ignored.
 *
 * @param source Origin of the text, for the error.
 * @throws ReleaseError `INVALID_PACKAGE`
 */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new ReleaseError("INVALID_PACKAGE", `${source} is not JSON.`, { cause });
  }
}

/**
 * Parses a JSON object.
 *
 * @param source Origin of the text, for the error.
 * @throws ReleaseError `INVALID_PACKAGE`
 */
export function parseJsonObject(text: string, source: string): Record<string, unknown> {
  const value = parseJson(text, source);
  if (isRecord(value)) return value;
  throw new ReleaseError("INVALID_PACKAGE", `${source} is not a JSON object.`);
}

/**
 * Reads the JSON object in a file.
 *
 * @throws ReleaseError `INVALID_PACKAGE`, or `SYSTEM_ERROR` with the path.
 */
export function readJsonObject(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw systemErrorOf(cause, path) ?? cause;
  }
  return parseJsonObject(text, path);
}

/** Writes a value as JSON, formatted like the manifests of this repository. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
