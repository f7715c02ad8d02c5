import { describe, expect, it } from "vitest";

import { InvalidOptionError } from "../../../src/errors.js";
import { toTomlDocument, toTomlValue } from "../../../src/internal/toml.js";

describe("toTomlDocument", () => {
  it("writes plain keys before tables, and quotes the keys that need it", () => {
    const text = toTomlDocument("config", {
      features: { plugins: false },
      model: "m",
      list: ["x", 1.5, { "odd key": true, gone: undefined }],
      mcp_servers: { "a.b": { command: "node", env: { A: "1" } } },
      absent: undefined,
    });
    expect(text).toBe(
      [
        'model = "m"',
        'list = ["x", 1.5, { "odd key" = true }]',
        "",
        "[features]",
        "plugins = false",
        "",
        '[mcp_servers."a.b"]',
        'command = "node"',
        "",
        '[mcp_servers."a.b".env]',
        'A = "1"',
        "",
      ].join("\n"),
    );
  });

  it("keeps an empty table, and one whose members are all undefined", () => {
    expect(toTomlDocument("config", { a: {}, b: { c: undefined } })).toBe("\n[a]\n\n[b]\n");
  });
});

describe("toTomlValue", () => {
  it.each([
    ['a "b"\n\\\u007f\0🙂\u2028', String.raw`"a \"b\"\n\\\u007f\u0000🙂${"\u2028"}"`],
    [-0.5, "-0.5"],
    [2 ** 53 - 1, "9007199254740991"],
    // An integer of more than 64 bits cannot be read.
    [1e20, "1e+20"],
    [1e300, "1e+300"],
    [true, "true"],
    [[], "[]"],
    [{}, "{}"],
    [{ é: { "": 1 } }, '{ "é" = { "" = 1 } }'],
  ])("writes %j as TOML", (value, text) => {
    expect(toTomlValue("config", value)).toBe(text);
  });

  const circular: { self?: object } = {};
  circular.self = circular;
  it.each<[string, unknown, RegExp]>([
    ["null", { a: { b: null } }, /^config\.a\.b: .*not null/],
    ["NaN", { a: [1, Number.NaN] }, /^config\.a\[1\]: .*not NaN/],
    ["a hole in a list", { a: Array(1) }, /^config\.a\[0\]: .*not undefined/],
    ["a function", { a: () => {} }, /^config\.a: .*not a function/],
    ["a BigInt", { a: 1n }, /^config\.a: .*not a bigint/],
    ["a Date", { a: new Date(0) }, /^config\.a: .*plain object/],
    ["a Map", { a: new Map() }, /^config\.a: .*plain object/],
    ["a lone surrogate", { a: "\ud800" }, /^config\.a: .*lone surrogate/],
    ["a lone surrogate in a key", { "\ud800": 1 }, /lone surrogate/],
    ["a circular reference", circular, /circular reference/],
  ])("refuses %s, and names its path", (_what, value, message) => {
    const write = () => toTomlValue("config", value);
    expect(write).toThrow(InvalidOptionError);
    expect(write).toThrow(message);
  });
});
