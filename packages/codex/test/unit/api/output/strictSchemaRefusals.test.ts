import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import * as z from "zod";

import { prepareOutput } from "../../../../src/api/output/outputSchema.js";
import { toStrictSchema } from "../../../../src/api/output/strictSchema.js";
import { InvalidOptionError } from "../../../../src/errors.js";

const refusal = (what: string, remedy: string) =>
  new InvalidOptionError(
    "outputSchema",
    `${what}, which strict structured output cannot express; ${remedy}.`,
  );

const RECORD = "use an array of objects with a key and a value";
const TUPLE = "use an object with a property for each position";
const INTERSECTION = "make it one object";
const UNKNOWN = "give it a type";
const CONDITION = "check it in a refinement of the schema";

describe("a shape without a strict form is refused with its path", () => {
  const valibotAll = v.intersect([v.object({ a: v.string() }), v.object({ b: v.string() })]);

  it.each([
    [
      "zod record",
      z.object({ a: z.object({ b: z.record(z.string(), z.number()) }) }),
      refusal("a.b is a record (propertyNames)", RECORD),
    ],
    [
      "arktype record",
      type({ a: { "[string]": "number" } }),
      refusal("a is a record (additionalProperties)", RECORD),
    ],
    [
      "zod loose object",
      z.looseObject({ a: z.string() }),
      refusal("the root is a record (additionalProperties)", RECORD),
    ],
    [
      "zod tuple in a list",
      z.object({ a: z.array(z.tuple([z.string()])) }),
      refusal("a[] is a tuple (prefixItems)", TUPLE),
    ],
    [
      "zod unknown",
      z.object({ a: z.object({ b: z.unknown() }) }),
      refusal("a.b is a value of any type", UNKNOWN),
    ],
    [
      "zod any in a list",
      z.object({ a: z.array(z.any()) }),
      refusal("a[] is a value of any type", UNKNOWN),
    ],
    ["arktype object", type({ a: "object" }), refusal("a is an object of any properties", UNKNOWN)],
    [
      "arktype list of anything",
      type({ a: "Array" }),
      refusal("a[] is a value of any type", UNKNOWN),
    ],
    ["zod never", z.object({ a: z.never() }), refusal("a is a condition (not)", CONDITION)],
    [
      "valibot intersection",
      toStandardJsonSchema(v.object({ a: valibotAll })),
      refusal("a is an intersection (allOf)", INTERSECTION),
    ],
    [
      "zod record in a union",
      z.object({ a: z.union([z.string(), z.record(z.string(), z.string())]) }),
      refusal("a (option 2) is a record (propertyNames)", RECORD),
    ],
    [
      "zod unknown in a definition",
      z.object({ a: z.object({ b: z.unknown() }).meta({ id: "Bag" }) }),
      refusal("$defs.Bag.b is a value of any type", UNKNOWN),
    ],
  ])("%s", (_, schema, expected) => {
    expect(() => prepareOutput(schema)).toThrow(expected);
  });

  it.each([
    [
      "patternProperties",
      { type: "object", patternProperties: {} },
      "a is a record (patternProperties)",
      RECORD,
    ],
    ["a list of items", { type: "array", items: [] }, "a is a tuple (items)", TUPLE],
    ["if", { type: "string", if: {} }, "a is a condition (if)", CONDITION],
    ["false", false, "a is a schema that no value fits (false)", CONDITION],
    ["true", true, "a is a value of any type", UNKNOWN],
    [
      "properties beside a union",
      { anyOf: [{ type: "null" }], properties: {} },
      "a is an intersection",
      INTERSECTION,
    ],
    [
      "a union beside a reference",
      { anyOf: [{ type: "null" }], $ref: "#" },
      "a is an intersection",
      INTERSECTION,
    ],
    ["a constant list", { const: [] }, "a is a constant that is an object or an array", UNKNOWN],
    [
      "a reference to another document",
      { $ref: "other.json" },
      'a is a reference to "other.json"',
      "define it in the $defs of the root",
    ],
    [
      "a reference to an inherited name",
      { $ref: "#/$defs/__proto__" },
      'a is a reference to "#/$defs/__proto__"',
      "define it in the $defs of the root",
    ],
  ])("JSON Schema with %s", (_, property, what, remedy) => {
    const schema = { type: "object", properties: { a: property }, $defs: {} };

    expect(() => toStrictSchema("outputSchema", schema)).toThrow(refusal(what, remedy));
  });
});

describe("a root that is not an object is refused", () => {
  it.each([
    ["list", z.array(z.string())],
    ["text", z.string()],
    ["union of objects", z.union([z.object({ a: z.string() }), z.object({ b: z.string() })])],
    ["nullable object", z.object({ a: z.string() }).nullable()],
    ["unknown", z.unknown()],
  ])("%s", (_, schema) => {
    expect(() => prepareOutput(schema)).toThrow(
      new InvalidOptionError(
        "outputSchema",
        "the root of the schema must be an object; wrap the schema in an object with one property.",
      ),
    );
  });

  it.each([
    ["a reference to itself", { $ref: "#" }],
    [
      "a union with the type object",
      { type: "object", anyOf: [{ type: "object", properties: {} }] },
    ],
  ])("%s", (_, schema) => {
    expect(() => toStrictSchema("outputSchema", schema)).toThrow("must be an object");
  });
});
