import { describe, expect, it } from "vitest";

import { toConfigArgs } from "../../../src/client/tomlConfig.js";
import { InvalidOptionError } from "../../../src/errors.js";

/** The values of the `--config` arguments. */
function overridesOf(config: Parameters<typeof toConfigArgs>[0]): string[] {
  const args = toConfigArgs(config);
  expect(args.filter((_, i) => i % 2 === 0).every((arg) => arg === "--config")).toBe(true);
  return args.filter((_, i) => i % 2 === 1);
}

describe("toConfigArgs", () => {
  it("makes one argument of each leaf, under a dotted key", () => {
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

  it("leaves out what is undefined, and keeps an empty table", () => {
    expect(overridesOf({ a: undefined, b: { c: undefined, d: 1 }, e: {} })).toEqual([
      "b.d=1",
      "e={}",
    ]);
  });

  it("quotes every text, so that nothing in it is read as TOML", () => {
    expect(overridesOf({ a: 'quo"te\\ \n\t\0\u007f 🙂\u2028 # x = 1' })).toEqual([
      'a="quo\\"te\\\\ \\n\\t\\u0000\\u007f 🙂\u2028 # x = 1"',
    ]);
  });

  it("puts a table with a key that needs quotes into one value", () => {
    expect(
      overridesOf({ projects: { "/a b/c.d": { trust_level: "trusted" }, é: { x: 1 } } }),
    ).toEqual(['projects={ "/a b/c.d" = { trust_level = "trusted" }, "é" = { x = 1 } }']);
  });

  it.each([
    ["a dotted key", { "a.b": 1 }, "config.a.b"],
    ["an empty key", { "": 1 }, "config."],
    ["null", { a: { b: null } }, "config.a.b"],
    ["NaN", { a: [1, Number.NaN] }, "config.a[1]"],
    ["a function", { a: () => {} }, "config.a"],
    ["a BigInt", { a: 1n }, "config.a"],
  ])("refuses %s, and names the setting", (_what, config, option) => {
    // What a caller without a compiler may pass.
    const act = () => toConfigArgs(config as never);
    expect(act).toThrow(InvalidOptionError);
    expect(act).toThrow(expect.objectContaining({ option }));
  });

  it("refuses an object that contains itself", () => {
    const circular: Record<string, never> = {};
    Object.assign(circular, { first: circular, second: circular });
    expect(() => toConfigArgs(circular)).toThrow(/circular reference/);
  });

  it("refuses a secret before anything of it becomes an argument", () => {
    expect(() => toConfigArgs({ a: 1, b: { api_key: "whatever" } })).toThrow(
      expect.objectContaining({ option: "config.b.api_key" }),
    );
  });

  it("refuses what does not fit on a command line, and names its length", () => {
    const big = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`k${i}`, "x".repeat(1000)]),
    );
    expect(() => toConfigArgs(big)).toThrow(/config: takes 510390 characters on the command line/);
    expect(toConfigArgs({ a: "x".repeat(23_000) })).toHaveLength(2);
  });

  it("counts the quotes and backslashes that the command line of Windows adds", () => {
    expect(() => toConfigArgs({ a: "\\x".repeat(7_900) })).not.toThrow();
    expect(() => toConfigArgs({ a: '"'.repeat(8_000) })).toThrow(/takes 32018 characters/);
  });
});
