import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import * as z from "zod";

import { prepareOutput } from "../../../../src/api/output/outputSchema.js";
import { InvalidOptionError, OutputValidationError } from "../../../../src/errors.js";
import type { CompletedTurn } from "../../../../src/errors/turnResult.js";
import { turnResultOf } from "../../../support/turnResults.js";

describe("a plain JSON Schema", () => {
  it("is sent without changes, and the answer is parsed and not validated", async () => {
    const schema = { type: "object", properties: { a: { type: "string", default: "x" } } };
    const prepared = prepareOutput(schema);
    const result = turnResultOf('{"a":null,"b":[1]}');

    expect(prepared.wireSchema).toEqual(schema);
    expect(await prepared.complete(result)).toEqual({ ...result, output: { a: null, b: [1] } });
  });

  it("is copied, so that a later change of the object does not reach the wire", () => {
    const schema = { type: "object", properties: { a: { type: "string" } } };
    const { wireSchema } = prepareOutput(schema);
    schema.properties.a.type = "number";

    expect(wireSchema).toEqual({ type: "object", properties: { a: { type: "string" } } });
  });

  it("rejects an answer that is not JSON", async () => {
    const completing = prepareOutput({ type: "object" }).complete(turnResultOf("not json"));

    await expect(completing).rejects.toMatchObject({ code: "OUTPUT_VALIDATION", text: "not json" });
  });

  it("is recognised when zod made it, although it refers to its schema object", () => {
    const schema = z.toJSONSchema(z.object({ a: z.string().optional() }));
    expect("~standard" in schema).toBe(true);

    expect(prepareOutput(schema).wireSchema).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it("is absent when the options have none", async () => {
    const prepared = prepareOutput(undefined);
    const result = turnResultOf(null);

    expect(prepared.wireSchema).toBeUndefined();
    expect(await prepared.complete(result)).toBe(result);
  });
});

describe("a schema that cannot be used", () => {
  it.each([
    ["text", '"text"'],
    [7, "7"],
    [true, "true"],
    [null, "null"],
    [["object"], "an array"],
    [() => ({ type: "object" }), "a function"],
  ])("%o is refused", (schema, shown) => {
    // Such as a JavaScript user might pass.
    const prepare: (schema: never) => unknown = prepareOutput;

    expect(() => prepare(schema as never)).toThrow(
      new InvalidOptionError(
        "outputSchema",
        `expected a JSON Schema or a schema object, not ${shown}.`,
      ),
    );
  });

  it.each([
    ["valibot", "wrap it: toStandardJsonSchema(schema), from @valibot/to-json-schema"],
    ["zod", "update zod: schemas have one from zod 4.2 on"],
    ["arktype", "update arktype: the types of a current arktype 2 have one"],
    ["joi", "pass the schema's JSON Schema instead"],
  ])("one of %s without a JSON Schema is refused with the remedy", (vendor, remedy) => {
    const schema = { "~standard": { version: 1, vendor, validate: () => ({ value: 1 }) } };

    expect(() => prepareOutput(schema)).toThrow(
      new InvalidOptionError(
        "outputSchema",
        `this ${vendor} schema cannot be sent, because its ~standard does not have jsonSchema; ${remedy}.`,
      ),
    );
  });

  it("a bare valibot schema is refused with the remedy", () => {
    const schema: object = v.object({ a: v.string() });

    expect(() => prepareOutput({ ...schema })).toThrow("@valibot/to-json-schema");
  });

  it("a type that the library cannot write as JSON Schema is refused with its reason", () => {
    expect(() => prepareOutput(z.object({ when: z.date() }))).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        option: "outputSchema",
        message:
          "outputSchema: zod cannot write this schema as a JSON Schema (Date cannot be represented in JSON Schema); use types that JSON supports.",
        cause: expect.any(Error),
      }),
    );
  });
});

describe("an answer that fits", () => {
  it.each([
    [
      "zod",
      z.object({
        name: z.string(),
        nick: z.string().optional(),
        note: z.string().nullable(),
        level: z.string().default("low"),
      }),
    ],
    [
      "arktype",
      type({ name: "string", "nick?": "string", note: "string|null", level: "string = 'low'" }),
    ],
    [
      "valibot",
      toStandardJsonSchema(
        v.object({
          name: v.string(),
          nick: v.optional(v.string()),
          note: v.nullable(v.string()),
          level: v.optional(v.string(), "low"),
        }),
      ),
    ],
  ])("is parsed by %s, without the nulls of optional properties", async (_, schema) => {
    const text = JSON.stringify({ name: "Ada", nick: null, note: null, level: null });
    const result = turnResultOf(text);

    expect(await prepareOutput(schema).complete(result)).toStrictEqual({
      ...result,
      output: { name: "Ada", note: null, level: "low" },
    });
  });

  it("is transformed by the schema, also asynchronously", async () => {
    const schema = z.object({
      at: z.iso.datetime().transform((text) => new Date(text)),
      word: z.string().transform((text) => Promise.resolve(text.toUpperCase())),
    });
    const text = JSON.stringify({ at: "2030-01-02T03:04:05Z", word: "so" });

    const { output } = await prepareOutput(schema).complete(turnResultOf(text));

    expect(output).toStrictEqual({ at: new Date("2030-01-02T03:04:05Z"), word: "SO" });
  });
});

describe("an interrupted turn", () => {
  it.each([
    ["a schema object", z.object({ a: z.number() })],
    ["a plain JSON Schema", { type: "object" }],
    ["no schema", undefined],
  ])("returns its result without an output with %s", async (_what, schema) => {
    const prepared = prepareOutput(schema);

    for (const text of [null, '{"a":', '{"a":1}']) {
      const result = turnResultOf(text, "interrupted");
      // oxlint-disable-next-line no-await-in-loop -- three short calls
      expect(await prepared.complete(result)).toStrictEqual(result);
    }
  });
});

describe("a schema that JSON cannot express", () => {
  const circular: Record<string, unknown> = { type: "object" };
  circular["properties"] = { self: circular };

  it.each([
    ["a circular reference", circular, "outputSchema"],
    ["a BigInt", { type: "object", maxProperties: 1n }, "outputSchema"],
    ["a lone surrogate", { type: "object", title: "a\ud800" }, "outputSchema.title"],
  ])("is refused for %s, under the name of the option", (_what, schema, option) => {
    expect(() => prepareOutput(schema)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", option }),
    );
  });
});

describe("an answer that does not fit", () => {
  const schema = z.object({ list: z.array(z.object({ n: z.number() })) });
  const failureOf = async (result: CompletedTurn, given = schema) => {
    const failure: unknown = await prepareOutput(given)
      .complete(result)
      .catch((error: unknown) => error);
    if (!(failure instanceof OutputValidationError)) throw failure;
    return { ...failure, message: failure.message, cause: failure.cause };
  };
  const fixed = { name: "OutputValidationError", code: "OUTPUT_VALIDATION" };
  const message = (listed: string) =>
    `the final response of turn turn-1 does not fit outputSchema (${listed}); its text is in error.text, the whole turn in error.result.`;

  it("is missing when a turn completes without a final message", async () => {
    const issue = "the turn ended without a final message";
    const result = turnResultOf(null);

    expect(await failureOf(result)).toStrictEqual({
      ...fixed,
      message: message(issue),
      text: null,
      issues: [{ message: issue, path: [] }],
      result,
      cause: undefined,
    });
  });

  it.each(["not json", '{"list":', "", '```json\n{"list":[]}\n```'])(
    "is not JSON: %j",
    async (text) => {
      const result = turnResultOf(text);
      const failure = await failureOf(result);

      expect(failure).toStrictEqual({
        ...fixed,
        message: message(failure.issues[0]?.message ?? ""),
        text,
        issues: [{ message: expect.stringMatching(/^not JSON: ./), path: [] }],
        result,
        cause: expect.any(SyntaxError),
      });
    },
  );

  it("has every issue, with its path, and names the first three", async () => {
    const text = '{"list":[{"n":"a"},{"n":1},{},{"n":null},{"n":true}]}';
    const result = turnResultOf(text);
    const issue = (index: number, received: string) => ({
      message: `Invalid input: expected number, received ${received}`,
      path: ["list", index, "n"],
    });

    expect(await failureOf(result)).toStrictEqual({
      ...fixed,
      message: message(
        "list.0.n: Invalid input: expected number, received string; list.2.n: Invalid input: expected number, received undefined; list.3.n: Invalid input: expected number, received null; and 1 more",
      ),
      text,
      issues: [issue(0, "string"), issue(2, "undefined"), issue(3, "null"), issue(4, "boolean")],
      result,
      cause: undefined,
    });
  });

  it("names its keys when the library wraps them in segments", async () => {
    const wrapped = toStandardJsonSchema(v.object({ a: v.object({ b: v.string() }) }));
    const failing = prepareOutput(wrapped).complete(turnResultOf('{"a":{"b":1}}'));

    await expect(failing).rejects.toMatchObject({
      issues: [{ message: "Invalid type: Expected string but received 1", path: ["a", "b"] }],
    });
  });

  it("carries the result of the turn when code of the schema throws", async () => {
    const bug = new TypeError("no such unit");
    const throwing = z.object({
      list: z.array(z.object({ n: z.number() })).refine(() => {
        throw bug;
      }),
    });
    const result = turnResultOf('{"list":[]}');

    expect(await failureOf(result, throwing)).toStrictEqual({
      ...fixed,
      message: message("the schema threw: no such unit"),
      text: '{"list":[]}',
      issues: [{ message: "the schema threw: no such unit", path: [] }],
      result,
      cause: bug,
    });
  });
});
