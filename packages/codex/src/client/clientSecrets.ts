import { isObject } from "../internal/isObject.js";
import { type SecretMasker, secretValuesOf } from "../internal/secrets.js";
import { isSecretSetting, secretsOfConfig } from "./configSecrets.js";

/**
 * Adds the secrets that a request or response of this client hands to the runtime, which may repeat
 * them: credentials of a login, variables of a command, settings of a thread or of the configuration.
 */
export function addSecretsOf(method: string, params: unknown, secrets: SecretMasker): void {
  try {
    for (const secret of secretsIn(method, params)) secrets.add(secret);
  } catch {
    // A getter or proxy that throws cannot be sent either, which is reported where that is tried.
  }
}

function secretsIn(method: string, params: unknown): string[] {
  if (!isObject(params)) return [];
  switch (method) {
    case "account/login/start":
    case "account/chatgptAuthTokens/refresh":
      return secretsOfConfig(params);
    case "config/value/write":
      return secretsOfEdit(params);
    case "config/batchWrite":
      return Array.isArray(params["edits"]) ? params["edits"].flatMap(secretsOfEdit) : [];
    default:
      // Of a thread, and of a command.
      return [
        ...(isObject(params["config"]) ? secretsOfConfig(params["config"]) : []),
        ...(isObject(params["env"]) ? secretValuesOf(textsOf(params["env"])) : []),
      ];
  }
}

function secretsOfEdit(edit: unknown): string[] {
  if (!isObject(edit) || typeof edit["keyPath"] !== "string") return [];
  const path = edit["keyPath"].split(".");
  const { value } = edit;
  if (typeof value === "string") return isSecretSetting(path) ? [value] : [];
  return isObject(value) ? secretsOfConfig(value, path) : [];
}

function textsOf(members: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}
