import { describe, expect, it } from "vitest";

import { checkJson } from "../../../src/internal/checkJson.js";

describe("checkJson", () => {
  const circular: Record<string, unknown> = {};
  circular["a"] = { b: circular };
  const throwing = {
    get b(): never {
      throw new Error("boom");
    },
  };

  it.each<[string, unknown, RegExp]>([
    ["a function", { a: [() => 1] }, /^config\.a\[0\]: .*not a Function/],
    ["NaN", { a: Number.NaN }, /^config\.a: .*not NaN/],
    ["Infinity", { a: Infinity }, /^config\.a: .*not Infinity/],
    ["a Date", { a: new Date() }, /^config\.a: .*not a Date/],
    ["a Map", { a: new Map() }, /^config\.a: .*not a Map/],
    ["a bigint", { a: 1n }, /^config\.a: .*not 1n/],
    ["a symbol", { a: Symbol("s") }, /^config\.a: .*not Symbol\(s\)/],
    // oxlint-disable-next-line no-sparse-arrays -- the case
    ["a hole of a list", { a: [1, , 2] }, /^config\.a\[1\]: .*not undefined/],
    ["a getter that throws", { a: throwing }, /^config\.a: cannot be read \(boom\)/],
    ["a circular reference", circular, /is nested more than 64 levels deep, or has a circular/],
  ])(
    "refuses %s, which JSON would change or leave out, and names its path",
    (_what, value, error) => {
      expect(() => checkJson("config", value)).toThrow(error);
    },
  );

  it("accepts what JSON expresses, and members that are undefined", () => {
    const value = { a: null, b: [1, "x", { c: true }], d: undefined, e: Object.create(null) };
    expect(() => checkJson("config", value)).not.toThrow();
  });
});
