import { describe, expect, it } from "vitest";

import { InvalidOptionError } from "../../../src/errors.js";
import { serializeMessage } from "../../../src/rpc/serialize.js";

const LONE = "a\ud800b";

function failureOf(message: Readonly<Record<string, unknown>>): unknown {
  try {
    return serializeMessage(message);
  } catch (error) {
    return error;
  }
}

describe("serializeMessage", () => {
  it("writes every well-formed text so that it reads back the same, on one line", () => {
    const params = { text: "🙂\u2028\u2029\u0085\0\n\r\\ud800 \\\\ud800 é漢" };
    const text = serializeMessage({ method: "m", params });
    expect(text).not.toContain("\n");
    expect(JSON.parse(text)).toEqual({ method: "m", params });
  });

  it("leaves unset members out", () => {
    expect(serializeMessage({ method: "m", params: { a: undefined, b: null } })).toBe(
      '{"method":"m","params":{"b":null}}',
    );
  });

  it.each([
    [
      "in an array",
      { params: { input: [{ text: "ok" }, { text: LONE }] } },
      "params.input[1].text",
    ],
    ["in a key", { params: { [LONE]: 1 } }, `params.${LONE}`],
    ["at the end of a text", { params: "x\udbff" }, "params"],
    ["that is a low surrogate", { params: "\udc00x" }, "params"],
    ["from a toJSON", { params: { toJSON: () => ({ inner: LONE }) } }, "params.inner"],
  ])("refuses a lone surrogate %s with its path in the error", (_where, message, option) => {
    const error = failureOf(message);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ code: "INVALID_OPTION", option });
  });

  it("refuses a BigInt, a circular reference and a throwing toJSON with the engine's error as the cause", () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    const throwing = {
      toJSON: () => {
        throw new TypeError("not now");
      },
    };
    for (const params of [{ big: 1n }, circular, throwing]) {
      expect(failureOf({ params })).toMatchObject({
        code: "INVALID_OPTION",
        option: "params",
        cause: expect.any(TypeError),
      });
    }
  });
});
