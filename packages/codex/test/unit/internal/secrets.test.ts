import { describe, expect, it } from "vitest";

import { isSecretName, maskSecrets, secretValuesOf } from "../../../src/internal/secrets.js";

describe("A2: secrets", () => {
  it.each([
    ["an API key", "using sk-proj_ab-12CD34 now", "using [masked] now"],
    ["a JWT", "token eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0", "token [masked]"],
    ["a bearer token", "Authorization: Bearer abc.def-123", "Authorization: Bearer [masked]"],
    ["a member of JSON", '{"access_token":"abcdef123","x":1}', '{"access_token":"[masked]","x":1}'],
    ["an assignment", "api-key = 'abcdef123'", "api-key = '[masked]'"],
  ])("masks %s by its shape", (_what, text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });

  it("leaves ordinary text alone", () => {
    const text = "the key of the answer: ask-me, tokens used: 12, sk-1";
    expect(maskSecrets(text)).toBe(text);
  });

  it("masks every mention of a known value, signs that a pattern would read included", () => {
    expect(maskSecrets("a$1.*b and a$1.*b", ["a$1.*b"])).toBe("[masked] and [masked]");
  });

  it("takes for known the long values of variables whose names speak of secrets", () => {
    const env = {
      OPENAI_API_KEY: "long-enough-1",
      GITHUB_TOKEN: "long-enough-2",
      DB_PASSWORD: "short",
      PATH: "/usr/bin:/bin",
      MY_SECRET: undefined,
    };
    expect(secretValuesOf(env)).toEqual(["long-enough-1", "long-enough-2"]);
    expect(["apiKey", "Authorization", "HOME"].map(isSecretName)).toEqual([true, true, false]);
  });
});
