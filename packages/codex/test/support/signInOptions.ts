import type { HarnessOptions } from "../../src/testing/index.js";
import type { MockChatgptBackend } from "./mockChatgptBackend.js";
import type { MockLoginIssuer } from "./mockLoginIssuer.js";

/** A harness whose runtime signs in with `issuer` and then asks `backend`, and nothing outside. */
export function signInOptions(
  issuer: MockLoginIssuer,
  backend: MockChatgptBackend,
): HarnessOptions & { readonly codex: { readonly env: Record<string, string> } } {
  return {
    requiresOpenaiAuth: true,
    chatgptBaseUrl: backend.url,
    codex: { env: { ...issuer.env, ...backend.env } },
  };
}
