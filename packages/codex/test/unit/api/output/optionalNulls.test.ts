import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";

import { withoutOptionalNulls } from "../../../../src/api/output/optionalNulls.js";
import { prepareOutput } from "../../../../src/api/output/outputSchema.js";
import { turnResultOf } from "../../../support/turnResults.js";

const jsonSchemaOf = (schema: z.ZodType) =>
  schema["~standard"].jsonSchema.input({ target: "draft-2020-12" });

describe("nulls of optional properties", () => {
  it("are taken out at every depth, of lists, unions and references, and no other null is", () => {
    const Node = z.object({
      label: z.string().optional(),
      note: z.string().nullish(),
      get next() {
        return Node.optional();
      },
    });
    const schema = z.object({
      list: z.array(Node).optional(),
      pick: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("a"), x: z.string().optional() }),
        z.object({ kind: z.literal("b"), x: z.string().nullable() }),
      ]),
      maybe: z.object({ y: z.number().optional() }).nullable(),
    });
    const node = { label: null, note: null, next: null };

    const strip = (value: unknown) => withoutOptionalNulls(value, jsonSchemaOf(schema));

    expect(
      strip({ list: [{ ...node, next: node }], pick: { kind: "a", x: null }, maybe: { y: null } }),
    ).toStrictEqual({
      list: [{ note: null, next: { note: null } }],
      pick: { kind: "a" },
      maybe: {},
    });
    expect(strip({ list: null, pick: { kind: "b", x: null }, maybe: null })).toStrictEqual({
      pick: { kind: "b", x: null },
      maybe: null,
    });
  });

  it("are taken out also beside a fault, and what fits no option stays as it is", () => {
    const schema = z.object({
      a: z.string(),
      b: z.string().optional(),
      c: z.union([z.object({ d: z.string().optional() }), z.object({ e: z.string().optional() })]),
    });

    expect(
      withoutOptionalNulls({ a: 1, b: null, c: { f: null }, g: null }, jsonSchemaOf(schema)),
    ).toStrictEqual({ a: 1, c: { f: null }, g: null });
  });

  it("are found in deep unions without trying each option again at every level", () => {
    let looks = 0;
    const option = (kind: string) => ({
      type: "object",
      properties: {
        left: { $ref: "#/$defs/tree" },
        kind: {
          get const() {
            looks += 1;
            return kind;
          },
        },
        note: { type: "string" },
      },
      required: ["kind"],
    });
    const schema = {
      type: "object",
      properties: { tree: { $ref: "#/$defs/tree" } },
      $defs: { tree: { anyOf: ["a", "b", "c"].map(option) } },
    };
    let written: object = { left: null, kind: "c", note: null };
    let meant: object = { kind: "c" };
    for (let depth = 1; depth < 10; depth += 1) {
      written = { left: written, kind: "c", note: null };
      meant = { left: meant, kind: "c" };
    }

    expect(withoutOptionalNulls({ tree: written }, schema)).toStrictEqual({ tree: meant });
    // Some looks for each of 10 levels and 3 options; without a memory there would be 3 to the power of 10.
    expect(looks).toBeLessThan(1000);
  });

  it("are distinguished from inherited properties of objects", () => {
    const schema = { type: "object", properties: { valueOf: { type: "string" } } };

    expect(Object.entries(Object(withoutOptionalNulls({ valueOf: null }, schema)))).toEqual([]);
    expect(
      Object.entries(Object(withoutOptionalNulls(JSON.parse('{"__proto__":{"a":null}}'), schema))),
    ).toEqual([["__proto__", { a: null }]]);
  });

  it("end for a schema with circular references", () => {
    const schema = {
      type: "object",
      properties: { a: { $ref: "#/$defs/a" } },
      $defs: { a: { anyOf: [{ $ref: "#/$defs/a" }, { type: "string" }] } },
    };

    expect(withoutOptionalNulls({ a: null }, schema)).toStrictEqual({});
  });
});

/** A schema, a value that it makes, and how a model in strict mode has to write that. */
interface Sample {
  readonly schema: z.ZodType;
  readonly value: unknown;
  readonly written: unknown;
  readonly isNullable: boolean;
}

const ABSENT = Symbol("absent");

const sampleOf = (schema: z.ZodType, value: unknown): Sample => ({
  schema,
  value,
  written: value,
  isNullable: value === null,
});

const leaf: fc.Arbitrary<Sample> = fc.oneof(
  fc.string().map((value) => sampleOf(z.string(), value)),
  fc.integer().map((value) => sampleOf(z.int(), value)),
  fc.boolean().map((value) => sampleOf(z.boolean(), value)),
  fc.constantFrom("a", "b").map((value) => sampleOf(z.enum(["a", "b"]), value)),
  fc.constant(sampleOf(z.null(), null)),
);

/** The sample where it may also be null, as it is or as null. */
const nullableOf = (sample: Sample, isNull: boolean): Sample => ({
  schema: sample.schema.nullable(),
  value: isNull ? null : sample.value,
  written: isNull ? null : sample.written,
  isNullable: true,
});

const memberOf = (sample: Sample, kind: "required" | "optional" | "absent") => {
  if (kind === "required") return sample;
  const schema = sample.schema.optional();
  if (kind === "optional") return { ...sample, schema };
  // A property that may be null stays null: it cannot be distinguished from a property left out.
  return { ...sample, schema, value: sample.isNullable ? null : ABSENT, written: null };
};

function objectOf(members: readonly (readonly [string, Sample])[]): Sample {
  const pick = (key: "schema" | "value" | "written") =>
    members
      .map(([name, member]) => [name, member[key]] as const)
      .filter(([, part]) => part !== ABSENT);
  const shape = Object.fromEntries(members.map(([name, member]) => [name, member.schema]));
  return {
    schema: z.object(shape),
    value: Object.fromEntries(pick("value")),
    written: Object.fromEntries(pick("written")),
    isNullable: false,
  };
}

function unionOf(options: readonly Sample[], chosen: Sample): Sample {
  const tagged = options.map((option, index) =>
    objectOf([
      ["tag", sampleOf(z.literal(index), index)],
      ["body", option],
    ]),
  );
  const sample = tagged[options.indexOf(chosen)] ?? chosen;
  return { ...sample, schema: z.union(tagged.map(({ schema }) => schema)) };
}

const { object: objectSample } = fc.letrec<{ node: Sample; object: Sample }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    tie("object"),
    fc.tuple(tie("node"), fc.boolean()).map(([sample, isNull]) => nullableOf(sample, isNull)),
    tie("node").map((sample) => ({
      ...sampleOf(z.array(sample.schema), [sample.value, sample.value]),
      written: [sample.written, sample.written],
    })),
    fc
      .tuple(fc.array(tie("node"), { minLength: 1, maxLength: 3 }), fc.nat())
      .map(([options, n]) => {
        const chosen = options[n % options.length] ?? sampleOf(z.null(), null);
        return unionOf(options, chosen);
      }),
  ),
  object: fc
    .uniqueArray(
      fc.tuple(
        fc.constantFrom("a", "b", "c", "a.b", "$ref", "anyOf"),
        tie("node"),
        fc.constantFrom("required" as const, "optional" as const, "absent" as const),
      ),
      { selector: ([name]) => name, maxLength: 4 },
    )
    .map((members) =>
      objectOf(members.map(([name, sample, kind]) => [name, memberOf(sample, kind)] as const)),
    ),
}));

describe("whatever zod schema is given", () => {
  it("what a model writes by the strict schema becomes the value that is meant", async () => {
    await fc.assert(
      fc.asyncProperty(objectSample, async ({ schema, value, written }) => {
        const prepared = prepareOutput(schema);
        const result = await prepared.complete(turnResultOf(JSON.stringify(written)));

        expect(result.output).toStrictEqual(value);
      }),
    );
  });

  it("the strict schema takes what the model writes, closes each object and requires each property", () => {
    fc.assert(
      fc.property(objectSample, ({ schema, written }) => {
        const wire = Object(prepareOutput(schema).wireSchema);

        expect(z.fromJSONSchema(wire).parse(written)).toStrictEqual(written);
        for (const object of objectsIn(wire)) {
          expect(object).toMatchObject({
            required: Object.keys(Object(object["properties"])),
            additionalProperties: false,
          });
        }
      }),
    );
  });
});

function objectsIn(node: unknown): Record<string, unknown>[] {
  if (typeof node !== "object" || node === null) return [];
  const own = "type" in node && node.type === "object" ? [{ ...node }] : [];
  return [...own, ...Object.values(node).flatMap(objectsIn)];
}
