import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import * as z from "zod";

import { prepareOutput } from "../../../../src/api/output/outputSchema.js";
import { toStrictSchema } from "../../../../src/api/output/strictSchema.js";

const strict = (schema: Parameters<typeof toStrictSchema>[1]) =>
  toStrictSchema("outputSchema", schema);

const closed = (properties: Record<string, unknown>) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const orNull = (node: unknown) => ({ anyOf: [node, { type: "null" }] });
const text = { type: "string" };

describe("a schema goes over the wire in the strict form", () => {
  it("of zod", () => {
    const schema = z.object({
      title: z.string().describe("a headline"),
      tag: z.enum(["a", "b"]).optional(),
      note: z.string().nullish(),
      size: z.number().min(1).max(9).default(3),
      parts: z.array(z.object({ text: z.string().optional() })),
      event: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("x"), id: z.uuid() }),
        z.object({ kind: z.literal("y") }),
      ]),
    });

    expect(prepareOutput(schema).wireSchema).toStrictEqual(
      closed({
        title: { type: "string", description: "a headline" },
        tag: orNull({ type: "string", enum: ["a", "b"] }),
        note: { type: ["string", "null"] },
        size: orNull({ type: "number", minimum: 1, maximum: 9 }),
        parts: { type: "array", items: closed({ text: orNull(text) }) },
        event: {
          anyOf: [
            closed({
              kind: { type: "string", const: "x" },
              id: { type: "string", format: "uuid", pattern: expect.any(String) },
            }),
            closed({ kind: { type: "string", const: "y" } }),
          ],
        },
      }),
    );
  });

  it("of arktype, whose constants do not have a type", () => {
    const schema = type({
      tag: "'a'|'b'",
      note: "string|null",
      "size?": "number.integer",
      "parts?": { "text?": "string" },
      event: type({ kind: "'x'", id: "string" }).or({ kind: "'y'" }),
    });

    expect(prepareOutput(schema).wireSchema).toStrictEqual(
      closed({
        event: {
          anyOf: [
            closed({ id: text, kind: { type: "string", const: "x" } }),
            closed({ kind: { type: "string", const: "y" } }),
          ],
        },
        note: { anyOf: [text, { type: "null" }] },
        tag: { type: "string", enum: ["a", "b"] },
        parts: orNull(closed({ text: orNull(text) })),
        size: orNull({ type: "integer" }),
      }),
    );
  });

  it("of valibot", () => {
    const schema = v.object({
      tag: v.picklist(["a", "b"]),
      note: v.nullish(v.string()),
      size: v.optional(v.pipe(v.number(), v.minValue(1)), 3),
      event: v.variant("kind", [
        v.object({ kind: v.literal("x"), id: v.string() }),
        v.object({ kind: v.literal("y") }),
      ]),
    });

    expect(prepareOutput(toStandardJsonSchema(schema)).wireSchema).toStrictEqual(
      closed({
        tag: { type: "string", enum: ["a", "b"] },
        note: orNull(text),
        size: orNull({ type: "number", minimum: 1 }),
        event: {
          anyOf: [
            closed({ kind: { type: "string", const: "x" }, id: text }),
            closed({ kind: { type: "string", const: "y" } }),
          ],
        },
      }),
    );
  });
});

describe("a reference", () => {
  it("to a definition is kept without siblings, which move to an anyOf around it", () => {
    const Money = z
      .object({ amount: z.number(), note: z.string().optional() })
      .meta({ id: "Money" });
    const schema = z.object({
      price: Money,
      tip: Money.describe("for the waiter"),
      tax: Money.optional(),
      fee: Money.describe("if any").optional(),
    });
    const reference = { $ref: "#/$defs/Money" };

    expect(prepareOutput(schema).wireSchema).toStrictEqual({
      ...closed({
        price: reference,
        tip: { anyOf: [reference], description: "for the waiter" },
        tax: orNull(reference),
        fee: { ...orNull(reference), description: "if any" },
      }),
      $defs: { Money: closed({ amount: { type: "number" }, note: orNull(text) }) },
    });
  });

  it("of a recursive zod type points to the root or to its definition", () => {
    const Node = z.object({
      name: z.string(),
      get children() {
        return z.array(Node);
      },
      get next() {
        return Node.optional();
      },
    });
    const nodeOf = (reference: object) =>
      closed({
        name: text,
        children: { type: "array", items: reference },
        next: orNull(reference),
      });
    const definition = { $ref: expect.stringMatching(/^#\/\$defs\/\w+$/) };

    expect(prepareOutput(Node).wireSchema).toStrictEqual(nodeOf({ $ref: "#" }));
    expect(prepareOutput(z.object({ tree: Node })).wireSchema).toStrictEqual({
      ...closed({ tree: definition }),
      $defs: { __schema0: nodeOf(definition) },
    });
  });

  it("that is the whole root of a recursive type gives way to what it points to", () => {
    const Node = type.module({ node: { name: "string", "next?": "node" } }).node;
    const wire = prepareOutput(Node).wireSchema;
    const body = closed({
      name: text,
      next: orNull({ $ref: expect.stringMatching(/^#\/\$defs\/\w+$/) }),
    });

    expect(wire).toStrictEqual({ ...body, $defs: expect.any(Object) });
    expect(Object.values(Object(Object(wire).$defs))).toStrictEqual([body]);
  });

  it("may be escaped as a JSON pointer in a URI", () => {
    const schema = {
      type: "object",
      properties: { a: { $ref: "#/$defs/x~1y%20z" } },
      $defs: { "x/y z": text },
    };

    expect(strict(schema)).toStrictEqual({
      ...closed({ a: orNull({ $ref: "#/$defs/x~1y%20z" }) }),
      $defs: { "x/y z": text },
    });
  });
});

describe("a constraint that the service does not take", () => {
  it.each([
    ["a length", z.string().min(3).max(5), { description: "(minLength: 3, maxLength: 5)" }],
    ["a format", z.url(), { description: '(format: "uri")' }],
    ["look-around", z.string().regex(/^(?!x)/), { description: '(pattern: "^(?!x)")' }],
    [
      "one of several of a kind",
      z.string().regex(/a/).regex(/b/).describe("both"),
      { description: 'both (pattern: "a", pattern: "b")' },
    ],
  ])("(%s) is added to the description", (_, property, notes) => {
    expect(prepareOutput(z.object({ a: property })).wireSchema).toStrictEqual(
      closed({ a: { type: "string", ...notes } }),
    );
  });

  it("is added to an anyOf around a reference", () => {
    const Name = z.string().meta({ id: "Name" });

    expect(prepareOutput(z.object({ a: Name.min(3) })).wireSchema).toStrictEqual({
      ...closed({ a: { anyOf: [{ $ref: "#/$defs/Name" }], description: "(minLength: 3)" } }),
      $defs: { Name: text },
    });
  });
});

describe("a keyword with no meaning for the answer", () => {
  it("is left out", () => {
    const schema = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: "x",
      title: "T",
      type: "object",
      properties: { a: { type: "string", default: "x", examples: ["y"], "x-mine": 1 } },
      required: ["a"],
    };

    expect(strict(schema)).toStrictEqual({ title: "T", ...closed({ a: text }) });
  });
});

it("the strict form of a strict schema is itself", () => {
  const once = strict({
    type: "object",
    properties: { a: text, b: { type: ["integer", "null"] }, c: orNull(closed({ d: text })) },
    required: ["a"],
  });

  expect(strict(once)).toStrictEqual(once);
});
