import { describe, expect, it } from "vitest";

import { toConfigArgs } from "../../../src/client/tomlConfig.js";
import { InvalidOptionError } from "../../../src/errors.js";

/** The values of the `--config` arguments. */
function overridesOf(config: Parameters<typeof toConfigArgs>[0]): string[] {
  const args = toConfigArgs(config);
  expect(args.filter((_, i) => i % 2 === 0).every((arg) => arg === "--config")).toBe(true);
  return args.filter((_, i) => i % 2 === 1);
}

describe("config overrides", () => {
  it("become one argument for each leaf, under a dotted key", () => {
    expect(
      overridesOf({
        model: "m",
        features: { plugins: false, inner: { depth: 3 } },
        ratio: 0.5,
        list: ["a", 1, true, { k: "v" }],
      }),
    ).toEqual([
      'model="m"',
      "features.plugins=false",
      "features.inner.depth=3",
      "ratio=0.5",
      'list=["a", 1, true, { k = "v" }]',
    ]);
  });

  it("leave out what is undefined, and keep an empty table", () => {
    expect(overridesOf({ a: undefined, b: { c: undefined, d: 1 }, e: {} })).toEqual([
      "b.d=1",
      "e={  }",
    ]);
  });

  it("quote every text, so that nothing in it is read as TOML", () => {
    expect(overridesOf({ a: 'quo"te\\ \n\t\0\u007f 🙂\u2028 # x = 1' })).toEqual([
      'a="quo\\"te\\\\ \\n\\t\\u0000\\u007f 🙂\u2028 # x = 1"',
    ]);
  });

  it("put a table with a key that needs quotes into one value", () => {
    expect(
      overridesOf({ projects: { "/a b/c.d": { trust_level: "trusted" }, é: { x: 1 } } }),
    ).toEqual(['projects={ "/a b/c.d" = { trust_level = "trusted" }, "é" = { x = 1 } }']);
  });

  it.each([
    ["a dotted key", { "a.b": 1 }, "config.a.b"],
    ["an empty key", { "": 1 }, "config."],
    ["null", { a: { b: null } }, "config.a.b"],
    ["a number that is none", { a: [1, Number.NaN] }, "config.a[1]"],
    ["a function", { a: () => {} }, "config.a"],
    ["a BigInt", { a: 1n }, "config.a"],
  ])("refuse %s, under its name", (_what, config, option) => {
    // What a caller without a compiler may pass.
    const act = () => toConfigArgs(config as never);
    expect(act).toThrow(InvalidOptionError);
    expect(act).toThrow(expect.objectContaining({ option }));
  });

  it.each([
    ["a key", { api_key: "whatever" }],
    ["a key deep in a provider", { model_providers: { p: { experimental_bearer_token: "x" } } }],
    ["a header", { mcp_servers: { s: { http_headers: { "X-Any": "x" } } } }],
    ["a header in bare letters", { mcp_servers: { s: { http_headers: { Any: "x" } } } }],
    ["a value of a secret's shape", { any: "sk-abcdef123456" }],
    ["one in a list", { any: ["ok", "Bearer abcdef123456"] }],
  ])("A2: refuse a secret in %s, without showing it", (_where, config) => {
    let message = "";
    try {
      toConfigArgs(config);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain("every user of this machine");
    expect(message).not.toMatch(/abcdef123456|whatever/);
  });

  it("A2: let settings that name a variable pass", () => {
    expect(
      overridesOf({
        model_providers: { p: { env_key: "MY_KEY", env_http_headers: { "X-A": "MY_TOKEN" } } },
        mcp_servers: { s: { bearer_token_env_var: "MY_TOKEN" } },
      }),
    ).toHaveLength(3);
  });

  it("A3: refuse what no command line takes, and say how large it is", () => {
    const big = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`k${i}`, "x".repeat(1000)]),
    );
    expect(() => toConfigArgs(big)).toThrow(/config: takes 508390 characters on the command line/);
    expect(toConfigArgs({ a: "x".repeat(23_000) })).toHaveLength(2);
  });
});
