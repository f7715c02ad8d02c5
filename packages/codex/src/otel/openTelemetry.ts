import type * as api from "@opentelemetry/api";

import { PeerMissingError } from "../errors/codexError.js";

/** The API of OpenTelemetry, as the program has it. */
export type OpenTelemetry = typeof api;

/**
 * Loads the API of OpenTelemetry: here and not with the module, so that a missing package gives an error
 * with a remedy.
 *
 * @throws PeerMissingError
 */
export async function loadOpenTelemetry(): Promise<OpenTelemetry> {
  try {
    return await import("@opentelemetry/api");
  } catch (cause) {
    throw new PeerMissingError("@opentelemetry/api", "@openai/codex/otel", { cause });
  }
}
