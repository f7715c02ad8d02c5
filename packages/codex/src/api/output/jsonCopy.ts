import type { JsonValue } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { serializeMessage } from "../../rpc/serialize.js";

/**
 * Copies a schema as it will be sent, so that a later change of the caller's object has no effect.
 *
 * @throws InvalidOptionError for what JSON cannot express, and for a lone surrogate.
 */
export function toJsonValue(option: string, schema: object): JsonValue {
  try {
    // SAFETY: the text was written by JSON.stringify, so parsing it gives a JSON value.
    const { [option]: copy } = JSON.parse(serializeMessage({ [option]: schema })) as {
      [key: string]: JsonValue | undefined;
    };
    return copy ?? null;
  } catch (error) {
    if (!(error instanceof InvalidOptionError) || error.option !== "params") throw error;
    throw new InvalidOptionError(
      option,
      "cannot be written as JSON; BigInt and circular references are not supported.",
      { cause: error },
    );
  }
}
