import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { SecretMasker } from "../../../src/internal/secrets.js";
import { propertyRuns } from "../../support/propertyRuns.js";

function mask(text: string, ...known: string[]): string {
  return new SecretMasker(known).mask(text);
}

describe("SecretMasker.mask with values that the client knows", () => {
  it("masks every mention, also of characters that a pattern would interpret", () => {
    expect(mask("a$1.*b+c and a$1.*b+c", "a$1.*b+c")).toBe("[masked] and [masked]");
  });

  it.each([
    ["short first", ["secret-12", "secret-12-and-more"]],
    ["long first", ["secret-12-and-more", "secret-12"]],
  ])("shows nothing of a value that starts with another value, %s", (_order, known) => {
    expect(mask("<secret-12-and-more><secret-12>", ...known)).toBe("<[masked]><[masked]>");
  });

  it("shows nothing of two values that overlap in the text", () => {
    expect(mask("<abcdefgh-ijklmnop>", "abcdefgh-ij", "gh-ijklmnop")).toBe("<[masked]>");
  });

  it("masks the spellings of a value in JSON and in a URL", () => {
    const value = 'two"parts\\and/more';
    const text = `${JSON.stringify({ value })} ?x=${encodeURIComponent(value)}&`;
    expect(mask(text, value)).toBe('{"value":"[masked]"} ?x=[masked]&');
  });

  it.each<readonly [what: string, write: (value: string) => string]>([
    ["JSON in JSON", (value) => JSON.stringify(JSON.stringify(value))],
    ["JSON of ASCII", (value) => JSON.stringify(value).replaceAll("ä", "\\u00e4")],
    ["JSON with escaped slashes", (value) => JSON.stringify(value).replaceAll("/", "\\/")],
    ["a form", (value) => new URLSearchParams({ value }).toString()],
    ["a URL in small letters", (value) => encodeURIComponent(value).toLowerCase()],
    ["base64", (value) => Buffer.from(value).toString("base64")],
    ["base64 behind a name", (value) => Buffer.from(`me:${value}`).toString("base64url")],
  ])("masks a value in %s", (_what, write) => {
    const value = `ä"two\\parts/(x)+1 or more`;
    const shown = mask(`<${write(value)}>`, value);
    expect(shown).toContain("[masked]");
    expect(shown.length).toBeLessThan(35);
  });

  // Each mention overlaps with the next one, and would be compared as a whole.
  it.each([
    ["a", "a".repeat(10_000)],
    ["ab", "ab".repeat(5000)],
    ["aab", "aab".repeat(3000)],
  ])(
    "masks 1 MB of %j within the time limit of a test, and nothing of a long value stays",
    (piece, value) => {
      const text = piece.repeat(Math.ceil((1024 * 1024) / piece.length));
      expect(mask(`<${text}>`, value)).toBe("<[masked]>");
    },
  );

  it("masks each long line of a value that has several", () => {
    const lines = ["first-line-of-the-secret", "}", "second-line-of-the-secret"];
    expect(mask(`${lines[2]} ${lines[0]} }`, lines.join("\n"))).toBe("[masked] [masked] }");
  });

  it("leaves values of fewer than 8 characters, which may be words", () => {
    expect(mask("the answer is true", "answer")).toBe("the answer is true");
  });

  it("masks a value that is added later, and forgets the oldest of 257", () => {
    const masker = new SecretMasker(["kept-for-ever"]);
    for (let i = 0; i <= 256; i += 1) masker.add(`added-value-${i}.`);
    expect(masker.mask("kept-for-ever added-value-0. added-value-1. added-value-256.")).toBe(
      "[masked] added-value-0. [masked] [masked]",
    );
  });

  it("knows only the values of its own client", () => {
    new SecretMasker().add("of-another-client");
    expect(mask("of-another-client")).toBe("of-another-client");
  });

  it("shows no part of a known value, whatever surrounds it", () => {
    const secret = fc.string({ unit: "grapheme-ascii", minLength: 8, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 3 }), fc.string(), (known, text) => {
        const shown = mask(known.join(text) + text, ...known);
        for (const value of known) expect(shown).not.toContain(value);
      }),
      propertyRuns(500),
    );
  });
});

describe("SecretMasker.mask with a limit", () => {
  it("cuts the text, and masks a secret that the cut divides", () => {
    const text = `${"x".repeat(90)} ${"s3cret-".repeat(10)} end`;
    expect(new SecretMasker(["s3cret-".repeat(10)]).mask(text, 100)).toBe(
      `${"x".repeat(90)} [masked]`,
    );
    expect(new SecretMasker().mask(`${"x".repeat(90)} sk-abcdef1234567890`, 94)).toBe(
      `${"x".repeat(90)} [masked]`,
    );
  });

  it("returns a text that is shorter than the limit whole", () => {
    expect(new SecretMasker().mask("short", 100)).toBe("short");
  });
});

describe("SecretMasker.mask without a known value", () => {
  it.each([
    ["an API key", "using sk-proj_ab-12CD34 now", "using [masked] now"],
    ["an API key of letters", `sk-${"abcdefghij".repeat(3)}`, "[masked]"],
    ["a JWT", "token eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0", "token [masked]"],
    ["a JWT behind a dash and before a dot", "x-eyJhbGciOiJI.eyJzdWIi.", "x-[masked]."],
    ["two JWTs", "eyJhbGciOiJI.a.b eyJhbGciOiJI.c.d", "[masked] [masked]"],
    ["a bearer token", "Authorization: Bearer abc.def-123", "Authorization: Bearer [masked]"],
    [
      "a header of any value",
      '{"Authorization":"Basic abcdef"}',
      '{"Authorization":"Basic [masked]"}',
    ],
    ["a member of JSON", '{"access_token":"abcdef","x":1}', '{"access_token":"[masked]","x":1}'],
    [
      "a member of JSON with escapes",
      String.raw`{"password":"ab\"cdef"}`,
      '{"password":"[masked]"}',
    ],
    [
      "a member of JSON in a text",
      String.raw`"{\"api_key\":\"abcdef\",\"x\":1}"`,
      String.raw`"{\"api_key\":\"[masked]\",\"x\":1}"`,
    ],
    ["an assignment", "api-key = 'abcdef123'", "api-key = '[masked]'"],
    ["an assignment without quotes", "PGPASSWORD=swordfish psql", "PGPASSWORD=[masked] psql"],
    ["a value with digits behind a colon", "password: hunter2hunter2", "password: [masked]"],
    ["the password in a URL", "postgres://me:swordfish@db/x", "postgres://me:[masked]@db/x"],
    ["a secret in a query", "/cb?code=abcdef&x=1", "/cb?code=[masked]&x=1"],
    ["a token of another service", `ghp_${"a1".repeat(18)}!`, "[masked]!"],
    [
      "a private key",
      "-----BEGIN RSA PRIVATE KEY-----\nMIIE+x/y=\n-----END RSA PRIVATE KEY-----",
      "[masked]-----END RSA PRIVATE KEY-----",
    ],
    [
      "an encrypted private key",
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AB\n\nMIIE\n-----END",
      "[masked]-----END",
    ],
    [
      "a variable of any name",
      "GITHUB_TOKEN=abcdef-ghi DEBUG=1234567",
      "GITHUB_TOKEN=[masked] DEBUG=1234567",
    ],
    ["a cookie", "Cookie: sid=abcdef12; x=1", "Cookie: [masked] x=1"],
    [
      "a header of another scheme",
      "Authorization: ApiKey abc123def",
      "Authorization: ApiKey [masked]",
    ],
    ["a header without a scheme", "authorization: abc123def456", "authorization: [masked]"],
    [
      "the key of an account",
      "AccountName=a;AccountKey=ab+/cd==;",
      "AccountName=a;AccountKey=[masked];",
    ],
    ["a key of a payment service", `sk_live_${"a1".repeat(10)}`, "[masked]"],
    [
      "the address of a webhook",
      `https://hooks.slack.com/services/T0/B0/${"aB".repeat(9)}`,
      "https://hooks.slack.com/services/[masked]",
    ],
  ])("masks %s by its shape", (_what, text, masked) => {
    expect(mask(text)).toBe(masked);
    expect(mask(masked)).toBe(masked);
  });

  it.each([
    "the key of the answer: ask-me, tokens used: 12, sk-1",
    "Missing bearer authentication in header",
    "unexpected status 401: missing bearer token, or token-based authentication",
    "tenant:sk-dashboard",
    "the package sk-learn-1.2, locale sk-SK",
    "password: wrong-format",
    "GITHUB_TOKEN=$GH_TOKEN MAX_TOKENS=128000",
    "the cookie: it was stale",
    "authorization: needed before the first call",
    '{"error":"password: wrong-format"}',
    '{"password": "must have eight characters"}',
    "Authorization: Bearer authentication is required",
    "https://example.com:8080/path?x=1",
    "eyJhbGciOiJIUzI1NiJ9 without a second part",
  ])("leaves prose as it is: %s", (text) => {
    expect(mask(text)).toBe(text);
  });

  // Each of these made a pattern look at the same characters again and again.
  it.each([
    "eyJ-",
    "eyJabcdefgh.",
    "sk-",
    "sk-a",
    "Bearer ",
    "password=",
    'password="',
    "password='\\\"",
    "api_key\\\\",
    "authorization: ",
    "a.",
    "a://b:",
    "-----BEGIN ",
    "AIza",
    "TOKEN=",
    "A_",
    "cookie: ",
    "-----BEGIN PRIVATE KEY-----\nA: ",
    "hooks.slack.com/services/",
  ])("masks 1 MB of %j within the time limit of a test", (piece) => {
    const text = piece.repeat(Math.ceil((1024 * 1024) / piece.length));
    expect(mask(text).length).toBeLessThanOrEqual(text.length * 8);
  });
});

describe("SecretMasker.maskIn", () => {
  it("masks every text of plain data, and leaves the rest as it is", () => {
    const data = { a: ["a known value", 1, null, { b: "sk-abcdef123456" }], c: true };
    expect(new SecretMasker(["known value"]).maskIn(data)).toEqual({
      a: ["a [masked]", 1, null, { b: "[masked]" }],
      c: true,
    });
  });

  it("masks what is nested too deep for a look", () => {
    let data: unknown = "known value";
    for (let i = 0; i < 100_000; i += 1) data = [data];
    expect(JSON.stringify(new SecretMasker(["known value"]).maskIn(data))).toContain('"[masked]"');
  });
});
