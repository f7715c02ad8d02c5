import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { ThreadHandlers } from "../../../../src/api/threadHandlers.js";
import { toolImage, toolText } from "../../../../src/api/tools/toolContent.js";
import { tool } from "../../../../src/api/tools/tools.js";
import { RuntimeClient } from "../../../../src/client/runtimeClient.js";
import { ONE_PIXEL_PNG, PNG_URL } from "../../../support/onePixelPng.js";

const NO_INPUT = { type: "object", properties: {} };
const CONTEXT = {
  signal: new AbortController().signal,
  callId: "call",
  threadId: "thread",
  turnId: "turn",
};

function returning(execute: () => never) {
  return tool({ name: "it", description: "", inputSchema: NO_INPUT, execute });
}

describe("tool", () => {
  it.each([
    ["", /^name: "" is not a valid tool name/],
    ["a b", /^name: "a b" is not a valid tool name/],
    ["x".repeat(65), /is not a valid tool name/],
    [5, /^name: 5 is not a valid tool name/],
    [undefined, /^name: undefined is not a valid tool name/],
    ["exec_command", /^name: exec_command is the name of a tool of the runtime/],
    ["mcp", /^name: mcp is reserved/],
    ["mcp__server__tool", /^name: mcp__server__tool is reserved/],
  ])("refuses the name %j", (name, message) => {
    const definition = { name, description: "", inputSchema: NO_INPUT, execute: () => "" };
    expect(() => tool(definition as never)).toThrow(message);
  });

  it.each([
    [{ inputSchema: undefined }, /^inputSchema: expected a JSON Schema/],
    [{ inputSchema: {} }, /^inputSchema: does not describe an object/],
    [{ inputSchema: { type: "string" } }, /^inputSchema: does not describe an object/],
    [{ inputSchema: z.string() }, /^inputSchema: does not describe an object/],
    [{ inputSchema: z.object({ at: z.date() }) }, /^inputSchema: .*cannot write this schema/],
    [{ inputSchema: v.object({}) }, /^inputSchema: .*toStandardJsonSchema/],
    [{ description: 1 }, /^description: expected a string/],
    [{ execute: "run" }, /^execute: expected a function/],
    [{ handler: () => "" }, /^handler: tool\(\) does not have this option/],
  ])("refuses %o", (part, message) => {
    const whole = { name: "it", description: "", inputSchema: NO_INPUT, execute: () => "" };
    expect(() => tool({ ...whole, ...part } as never)).toThrow(message);
  });

  it.each([
    ["zod", z.object({ city: z.string() })],
    ["arktype", type({ city: "string" })],
    ["valibot", toStandardJsonSchema(v.object({ city: v.string() }))],
  ])("accepts a schema of %s, and validates the input with it", async (_vendor, inputSchema) => {
    const weather = tool({
      name: "weather",
      description: "",
      inputSchema,
      execute: ({ city }) => `Warm in ${city}.`,
    });

    expect(weather.inputSchema).toMatchObject({
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    });
    expect(await weather.call({ city: "Bonn" }, CONTEXT)).toEqual({
      success: true,
      contentItems: [toolText("Warm in Bonn.")],
    });
    expect(await weather.call({ city: 5 }, CONTEXT)).toEqual({
      success: false,
      contentItems: [
        {
          type: "inputText",
          text: expect.stringMatching(/^The arguments of weather .*\n- city: /),
        },
      ],
    });
  });

  it("passes the arguments of the model without a check with a plain JSON Schema", async () => {
    const echo = tool({
      name: "echo",
      description: "",
      inputSchema: NO_INPUT,
      execute: (input) => input,
    });

    expect(await echo.call({ any: ["thing"] }, CONTEXT)).toEqual({
      success: true,
      contentItems: [toolText('{"any":["thing"]}')],
    });
  });

  it.each([
    ["nothing", undefined, []],
    ["a string", "text", [toolText("text")]],
    ["null", null, [toolText("null")]],
    ["an object", { a: 1 }, [toolText('{"a":1}')]],
    ["an empty list", [], [toolText("[]")]],
    ["one content item", toolText("text"), [toolText("text")]],
    [
      "content items",
      [toolText("text"), toolImage(PNG_URL)],
      [toolText("text"), { type: "inputImage", imageUrl: PNG_URL }],
    ],
    [
      "a value that only looks like content",
      [{ type: "inputText", text: "text", lang: "en" }],
      [toolText('[{"type":"inputText","text":"text","lang":"en"}]')],
    ],
  ])("returns %s to the model", async (_what, result, contentItems) => {
    expect(await returning(() => result as never).call({}, CONTEXT)).toEqual({
      success: true,
      contentItems,
    });
  });

  it.each([
    ["an error", new Error("No such city."), "No such city."],
    ["an error without a message", new RangeError(), "RangeError"],
    ["a string", "No.", "No."],
  ])("returns %s that was thrown to the model as a failed call", async (_what, error, text) => {
    const throwing = returning(() => {
      throw error;
    });
    expect(await throwing.call({}, CONTEXT)).toEqual({
      success: false,
      contentItems: [toolText(text)],
    });
  });

  it.each([
    ["a bigint", 1n, "BigInt"],
    ["a function", () => "", "a function, which cannot be written as JSON"],
  ])("returns a failed call for %s", async (_what, result, text) => {
    expect(await returning(() => result as never).call({}, CONTEXT)).toEqual({
      success: false,
      contentItems: [{ type: "inputText", text: expect.stringContaining(text) }],
    });
  });
});

describe("toolImage", () => {
  it("makes a data: URL from bytes", () => {
    const data = new Uint8Array(ONE_PIXEL_PNG);
    expect(toolImage({ data, mimeType: "image/png" })).toEqual({
      type: "inputImage",
      imageUrl: PNG_URL,
    });
  });

  it("refuses a remote URL", () => {
    expect(() => toolImage("https://example.test/a.png")).toThrow(/^image: .*is not a data: URL/);
  });
});

describe("a thread's tools", () => {
  const one = tool({ name: "one", description: "1", inputSchema: NO_INPUT, execute: () => "" });
  const two = tool({ name: "two", description: "2", inputSchema: NO_INPUT, execute: () => "" });

  it("become dynamicTools on the wire, and an empty list is left out", () => {
    const handlers = new ThreadHandlers(new RuntimeClient());

    expect(handlers.toDynamicTools([one, two])).toEqual([
      { type: "function", name: "one", description: "1", inputSchema: NO_INPUT },
      { type: "function", name: "two", description: "2", inputSchema: NO_INPUT },
    ]);
    expect([handlers.toDynamicTools([]), handlers.toDynamicTools(undefined)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it.each([
    [[one, one], true, /two of them have the name one/],
    [[{ name: "one", execute: () => "" }], true, /what tool\(\) has made/],
    [[null], true, /what tool\(\) has made/],
    [{ one }, true, /what tool\(\) has made/],
    [[one], false, /experimentalApi: false/],
  ])("are refused before anything is sent: %o, %s", (tools, experimentalApi, message) => {
    const handlers = new ThreadHandlers(new RuntimeClient({ experimentalApi }));
    expect(() => handlers.toDynamicTools(tools as never)).toThrow(message);
  });
});
