import { describe, expect, it } from "vitest";

import { InvalidOptionError } from "../../../src/errors.js";
import {
  checkBoolean,
  checkCount,
  checkDuration,
  checkFraction,
  checkFunction,
  checkObject,
  checkOneOf,
  checkOptions,
  checkPath,
  checkPause,
  checkRequiredOptions,
  checkSignal,
  checkText,
  checkWellFormed,
  describeType,
  describeValue,
  type OptionCheck,
  optionsOf,
} from "../../../src/internal/validate.js";

function failureOf(call: () => void): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

const oneOf: OptionCheck = (name, value) => checkOneOf(name, value, ["a", "b"]);
const foreignSignal = { aborted: false, addEventListener() {}, removeEventListener() {} };

describe("a check of one option", () => {
  it.each<readonly [name: string, check: OptionCheck, values: readonly unknown[]]>([
    ["checkDuration", checkDuration, [0.5, 1, 2 ** 31 - 1]],
    ["checkPause", checkPause, [0, 0.5, 2 ** 31 - 1]],
    ["checkFraction", checkFraction, [0, 0.5, 1]],
    ["checkSignal", checkSignal, [new AbortController().signal, foreignSignal]],
    ["checkOneOf", oneOf, ["a", "b"]],
    ["checkWellFormed", checkWellFormed, ["", "text", "🙂"]],
    ["checkText", checkText, ["a", " a "]],
    ["checkPath", checkPath, ["/a", "a b"]],
    ["checkCount", checkCount, [1, 2 ** 53 - 1]],
    ["checkBoolean", checkBoolean, [true, false]],
    ["checkFunction", checkFunction, [() => {}, Date]],
    ["checkObject", checkObject, [{}, Object.create(null)]],
  ])("%s accepts each usable value", (_name, check, values) => {
    for (const value of values) expect(failureOf(() => check("it", value))).toBeUndefined();
  });

  it.each<readonly [name: string, check: OptionCheck, values: readonly unknown[]]>([
    ["checkDuration", checkDuration, [0, -1, Number.NaN, Infinity, 2 ** 31, "1000", null, 5n]],
    ["checkPause", checkPause, [-0.1, Number.NaN, "0"]],
    ["checkFraction", checkFraction, [-0.1, 1.1, Number.NaN, "0"]],
    ["checkSignal", checkSignal, [null, "no", {}, { aborted: false }, new AbortController()]],
    ["checkOneOf", oneOf, ["c", "A", undefined, null]],
    ["checkWellFormed", checkWellFormed, [undefined, null, 5, ["a"]]],
    ["checkText", checkText, ["", " \n", 5]],
    ["checkPath", checkPath, ["a\0b", 5, null]],
    ["checkCount", checkCount, [0, 1.5, "1", 2 ** 53, -1]],
    ["checkBoolean", checkBoolean, ["true", 0, null]],
    ["checkFunction", checkFunction, [{}, "run", null]],
    ["checkObject", checkObject, [[], null, "text", () => {}]],
  ])("%s refuses each other value under the option's name", (_name, check, values) => {
    for (const value of values) {
      const failure = failureOf(() => check("it", value));
      expect(failure).toBeInstanceOf(InvalidOptionError);
      expect(failure).toMatchObject({ option: "it", message: expect.stringMatching(/^it: /) });
      const isEmptyText = typeof value === "string" && value.trim() === "";
      expect(String(failure)).toContain(isEmptyText ? "is empty" : describeValue(value));
    }
  });

  it.each([checkWellFormed, checkText, checkPath])(
    "refuses a lone surrogate with the remedy (%o)",
    (check) => {
      expect(() => check("it", "a\ud800b")).toThrow(/lone surrogate.*toWellFormed/);
    },
  );
});

describe("checkOptions", () => {
  const table = optionsOf<{ timeoutMs?: number; free?: unknown }>({
    timeoutMs: checkDuration,
    free: true,
  });
  const failureFor = (options: unknown) => failureOf(() => checkOptions("read()", options, table));

  it("accepts no options, known options, and options that are undefined", () => {
    for (const options of [
      undefined,
      {},
      { timeoutMs: 5, free: new Date(0) },
      { timeoutMs: undefined },
    ]) {
      expect(failureFor(options)).toBeUndefined();
    }
  });

  it.each([[null], [5], ["text"], [[]], [() => {}]])(
    "refuses %o instead of an object",
    (options) => {
      expect(failureFor(options)).toMatchObject({
        option: "options",
        message: `options: read() expects an object of options, not ${describeValue(options)}.`,
      });
    },
  );

  it("refuses an unknown name with the known ones, and with the name that was meant", () => {
    expect(failureFor({ bogus: undefined })).toMatchObject({
      option: "bogus",
      message: "bogus: read() does not have this option; the known ones are timeoutMs, free.",
    });
    expect(String(failureFor({ timeoutms: 5 }))).toContain("(did you mean timeoutMs?)");
    expect(String(failureFor({ approvalPolicy: "never" }))).toContain("(pass approvalMode");
  });

  it.each([
    ["timeout", "did you mean timeoutMs?"],
    ["timeout_ms", "did you mean timeoutMs?"],
    ["reasoningEffort", "pass it to startThread"],
    ["schema", "pass it to run or turn"],
    ["skipGitRepoCheck", "leave it out"],
  ])("refuses %s, a name of another SDK or method, with its remedy", (name, remedy) => {
    expect(String(failureFor({ [name]: 1 }))).toContain(`(${remedy}`);
  });

  it.each(["constructor", "toString", "__proto__x"])("has no remedy for %s", (name) => {
    expect(String(failureFor({ [name]: 1 }))).toContain("option; the known ones are");
  });

  it("refuses the value of a known option by its check, or because JSON would leave it out", () => {
    expect(failureFor({ timeoutMs: -1 })).toMatchObject({ option: "timeoutMs" });
    for (const free of [() => 1, Symbol("s"), 1n]) {
      expect(failureFor({ free })).toMatchObject({ option: "free" });
    }
  });

  it("requires the object when its caller does", () => {
    const failure = failureOf(() => checkRequiredOptions("tool()", undefined, table));
    expect(failure).toMatchObject({
      option: "options",
      message: expect.stringContaining("undefined"),
    });
  });
});

describe("a description of a value", () => {
  const throwing = {
    toString() {
      throw new Error("no");
    },
    toJSON() {
      throw new Error("no");
    },
  };

  it.each<readonly [value: unknown, description: string]>([
    ["text", '"text"'],
    ["x".repeat(200), `"${"x".repeat(100)}…"`],
    ["a\nb", '"a\\nb"'],
    [5n, "5n"],
    [Symbol("s"), "Symbol(s)"],
    [undefined, "undefined"],
    [null, "null"],
    [[1], "an array"],
    [throwing, "an object"],
    [() => {}, "a function"],
  ])("is short, on one line and never throws: %o", (value, description) => {
    expect(describeValue(value)).toBe(description);
  });

  it("of only the type does not show the content", () => {
    expect(["sk-secret", 5, null, [], {}, undefined].map(describeType)).toEqual([
      "a string",
      "a number",
      "null",
      "an array",
      "an object",
      "undefined",
    ]);
  });
});
