import { describe, expect, it } from "vitest";

import { isSecretName, secretValuesOf } from "../../../src/internal/secretNames.js";

const VALUE = "value-long-enough";

describe("isSecretName", () => {
  it.each([
    "OPENAI_API_KEY",
    "apiKey",
    "OpenAIKey",
    "APIKEY",
    "accessToken",
    "GITHUB_TOKEN_2",
    "Authorization",
    "DB_PASSWORD",
    "DB_PWD",
    "_authToken",
    "AWS_SECRET_ACCESS_KEY",
    "KEY",
    "GOOGLE_CREDENTIALS",
    "GITHUB_PAT",
    "SENTRY_DSN",
    "X-Api-Key",
    "PGPASSWORD",
    "githubtoken",
    "SECRETKEY",
    "session_cookie",
  ])("is true for %s", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    "HOME",
    "PWD",
    "OLDPWD",
    "KEYBOARD_LAYOUT",
    "MONKEY",
    "TOKENIZERS_PARALLELISM",
    "AUTHOR_NAME",
    "COMPASS",
    "AWS_ACCESS_KEY_ID",
    "TOKEN_FILE",
    "SSH_AUTH_SOCK",
    "KEYMAP",
    "HOTKEY",
    "BYPASS",
  ])("is false for %s", (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe("secretValuesOf", () => {
  it("returns the long values of variables whose names have a word for a secret", () => {
    const env = {
      OPENAI_API_KEY: VALUE,
      GITHUB_TOKEN: `/${VALUE}`,
      DB_PASSWORD: "short",
      KEYBOARD_LAYOUT: "us-international",
      PATH: "/usr/bin:/bin",
      MY_SECRET: undefined,
    };
    expect(secretValuesOf(env)).toEqual([VALUE, `/${VALUE}`]);
  });

  it("leaves out numbers, and the path of a file with keys", () => {
    const env = { MAX_TOKENS: "128000000", SSH_KEY: "/home/me/.ssh/id_ed25519" };
    expect(secretValuesOf(env)).toEqual([]);
  });

  it("returns the password of a URL in a variable of any name, as it stands and decoded", () => {
    const env = { DATABASE_URL: "postgres://me:sword%23fish@db:5432/x", PROXY: "http://proxy:80" };
    expect(secretValuesOf(env)).toEqual(["sword%23fish", "sword#fish"]);
  });

  it("returns the password of each of several URLs, one that is not encoded, and a token in its place", () => {
    const env = {
      MIRRORS: "https://a:password-1@h https://b:password-2@h",
      DATABASE_URL: "postgres://me:sword@fish/9@db/x",
      REGISTRY: "https://t0ken-of-mine@h/",
      PLAIN: "https://some-user-name@h/",
    };
    const values = secretValuesOf(env);
    for (const secret of ["password-1", "password-2", "sword@fish/9", "t0ken-of-mine"]) {
      expect(values).toContain(secret);
    }
    expect(values.join()).not.toContain("some-user-name");
  });
});
