import { describe, expect, it } from "vitest";

import { classifyMessage, parseMessage } from "../../../src/rpc/message.js";

describe("the reading of a message", () => {
  it.each([
    [
      "a notification",
      { method: "a/b", params: { x: 1 }, emittedAtMs: 5 },
      { kind: "notification", message: { method: "a/b", params: { x: 1 }, emittedAtMs: 5 } },
    ],
    ["one without params", { method: "a" }, { kind: "notification", message: { method: "a" } }],
    [
      "one whose id is null, as one that wants no answer",
      { id: null, method: "a", params: [] },
      { kind: "notification", message: { id: null, method: "a", params: [] } },
    ],
    [
      "one that says when it was sent in no number",
      { method: "a", params: {}, emittedAtMs: "5" },
      {
        kind: "notification",
        message: { method: "a", params: {}, emittedAtMs: undefined },
      },
    ],
    [
      "a request whose id is neither a text nor a whole number, as nothing",
      { id: 1.5, method: "a", params: {} },
      { kind: "invalid", reason: "the id is neither a string nor a whole number below 2^53" },
    ],
    [
      "a request",
      { id: "r1", method: "a", params: {} },
      { kind: "request", message: { id: "r1", method: "a", params: {} } },
    ],
    ["a result", { id: 0, result: { x: 1 } }, { kind: "result", id: 0, result: { x: 1 } }],
    ["a result of null", { id: 1, result: null }, { kind: "result", id: 1, result: null }],
    [
      "a result beside an error of null",
      { id: 1, result: 2, error: null },
      { kind: "result", id: 1, result: 2 },
    ],
    [
      "an error",
      { error: { code: -1, message: "no", data: [1] }, id: 3 },
      { kind: "error", id: 3, error: { code: -1, message: "no", data: [1] } },
    ],
    [
      "an error that lacks its code and message",
      { id: 3, error: {} },
      { kind: "error", id: 3, error: { code: -32000, message: "unknown error" } },
    ],
    [
      "an error that is a text",
      { id: 3, error: "boom" },
      { kind: "error", id: 3, error: { code: -32000, message: "unknown error" } },
    ],
    [
      "an answer that says nothing",
      { id: 3 },
      { kind: "invalid", reason: "neither a result nor an error", id: 3 },
    ],
    [
      "an object that is none",
      { foo: 1 },
      { kind: "invalid", reason: "neither a method nor an id" },
    ],
    ["an array", [1, 2], { kind: "invalid", reason: "not an object" }],
    ["a text", "x", { kind: "invalid", reason: "not an object" }],
    ["null", null, { kind: "invalid", reason: "not an object" }],
  ])("knows %s", (_what, value, expected) => {
    expect(classifyMessage(value)).toStrictEqual(expected);
  });

  it("does not throw for text that is not JSON, and keeps the parser's reason", () => {
    const reason = expect.stringContaining("JSON");
    expect(parseMessage("{nope")).toEqual({ kind: "invalid", reason });
  });

  it("lets a key that names the prototype change nothing", () => {
    const message = parseMessage(
      '{"method":"m","params":{"__proto__":{"polluted":true}},"__proto__":{"id":1}}',
    );
    expect(message).toMatchObject({ kind: "notification", message: { method: "m" } });
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect("id" in message).toBe(false);
  });

  it("reads a request's id off the message itself alone", () => {
    expect(parseMessage('{"__proto__":{"method":"m"},"result":1}')).toMatchObject({
      kind: "invalid",
    });
  });
});
