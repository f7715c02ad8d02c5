import { noteSecret, secretValuesOf } from "../internal/secrets.js";
import { isObject } from "../rpc/message.js";
import type { ClientOptions } from "./options.js";

/** A key of any shape is masked from the moment it is handed over. */
export function noteSecretsOf(params: unknown): void {
  if (!isObject(params)) return;
  for (const value of [params["apiKey"], params["accessToken"]]) {
    if (typeof value === "string") noteSecret(value);
  }
}

/** Returns the secrets that the runtime knows, and might print. */
export function secretsOf({ env, transport }: ClientOptions): string[] {
  const token = transport?.type === "websocket" ? transport.token : undefined;
  return [...secretValuesOf({ ...process.env, ...env }), ...(token === undefined ? [] : [token])];
}
