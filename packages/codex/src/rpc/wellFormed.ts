import { InvalidOptionError } from "../errors.js";
import { isObject } from "./message.js";

// JSON.stringify writes a surrogate as an escape only when it stands alone.
const LONE_SURROGATE_ESCAPE = /\\ud[89a-f][0-9a-f]{2}/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Serialises a message. A string that is no well-formed Unicode is refused, with its path: the
 * runtime could not parse the line, and would never answer it.
 */
export function serializeMessage(message: Readonly<Record<string, unknown>>): string {
  const text = toJson(message);
  if (LONE_SURROGATE_ESCAPE.test(text)) {
    // The text, not the message, is searched: a toJSON() may have written what is in no member.
    const path = findLoneSurrogate(JSON.parse(text), "");
    if (path !== undefined) {
      throw new InvalidOptionError(
        path,
        "the text holds half of a surrogate pair, which is no well-formed Unicode; cut text at code points, or repair it with toWellFormed().",
      );
    }
  }
  return text;
}

function toJson(message: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(message);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidOptionError(
      "params",
      `cannot be written as JSON (${reason}); pass plain values, without a BigInt or a circle.`,
      { cause: error },
    );
  }
}

function findLoneSurrogate(value: unknown, path: string): string | undefined {
  if (typeof value === "string") return LONE_SURROGATE.test(value) ? path : undefined;
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
    if (LONE_SURROGATE.test(key)) return memberPath;
    const found = findLoneSurrogate(member, memberPath);
    if (found !== undefined) return found;
  }
  return undefined;
}
