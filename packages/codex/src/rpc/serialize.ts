import { InvalidOptionError } from "../errors/codexError.js";
import { isObject } from "../internal/isObject.js";
import { hasLoneSurrogate, loneSurrogate } from "../internal/validate.js";

// JSON.stringify writes a surrogate as an escape only when it is not part of a pair.
const LONE_SURROGATE_ESCAPE = /\\ud[89a-f][0-9a-f]{2}/;

/**
 * Serialises a message to one line. Refuses a lone surrogate and names its path: the app-server could
 * not parse the line, and would never respond to it.
 *
 * @throws InvalidOptionError for what JSON cannot express, and for a lone surrogate.
 */
export function serializeMessage(message: Readonly<Record<string, unknown>>): string {
  try {
    const text = JSON.stringify(message);
    if (!LONE_SURROGATE_ESCAPE.test(text)) return text;
    // The text is searched instead of the message: a toJSON() may have written other members.
    const path = findLoneSurrogate(JSON.parse(text), "");
    if (path === undefined) return text;
    throw loneSurrogate(path);
  } catch (error) {
    if (error instanceof InvalidOptionError) throw error;
    throw cannotSerialize(error);
  }
}

function cannotSerialize(cause: unknown): InvalidOptionError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InvalidOptionError(
    "params",
    `cannot be written as JSON (${reason}); pass plain values: BigInt and circular references are not supported.`,
    { cause },
  );
}

function findLoneSurrogate(value: unknown, path: string): string | undefined {
  if (typeof value === "string") return hasLoneSurrogate(value) ? path : undefined;
  if (Array.isArray(value)) {
    for (const [index, member] of value.entries()) {
      const found = findLoneSurrogate(member, `${path}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const memberPath = path === "" ? key : `${path}.${key}`;
    if (hasLoneSurrogate(key)) return memberPath;
    const found = findLoneSurrogate(member, memberPath);
    if (found !== undefined) return found;
  }
  return undefined;
}
